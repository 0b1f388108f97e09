import t from 'tap'
import { renderService, renderServiceKeeping } from '../../../src/manifests/service.ts'
import { tenantOf } from '../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../fixtures/tenants.ts'
import { aSpec } from '../../helpers/observed.ts'

const tenant = tenantOf(aSpec(), CAPABILITIES)
const live = (...names: (string | undefined)[]) => ({
  spec: { ports: names.map((name) => ({ port: 8080, ...(name === undefined ? {} : { name }) })) },
})

t.test('keeps the name of the port of a Service that is there', async (t) => {
  t.match(renderServiceKeeping(tenant, live('http')).spec?.ports, [{ name: 'http', port: 8080, targetPort: 8080 }])
})

t.test('names the port itself where there is nothing to keep, or not one port', async (t) => {
  for (const one of [undefined, live(), live(undefined), live('a', 'b')]) {
    t.strictSame(renderServiceKeeping(tenant, one), renderService(tenant))
  }
})
