import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { Agent } from 'undici'
import { type HttpOptions, httpLibrary } from '../../../../src/kubernetes/http.ts'
import { rawRequests } from '../../../../src/kubernetes/raw.ts'
import { AdmissionRules } from '../../../../src/kubernetes/watch/admission-rules.ts'
import { createLogger } from '../../../../src/logger.ts'
import { until } from '../../../helpers/api.ts'

const GROUP = '/apis/admissionregistration.k8s.io'
const WEBHOOKS = `${GROUP}/v1/validatingwebhookconfigurations`
const POLICIES = `${GROUP}/v1/validatingadmissionpolicies`

/** Stands in for an API server: what it answers, by path. One that is not there is a 404, and a watch says nothing. */
async function rulesOf(t: Test, answers: Record<string, object>, log = createLogger('fatal')) {
  const server = createServer(({ url }, response) => {
    const { pathname, searchParams } = new URL(url!, 'http://localhost')
    const answer = answers[pathname]
    if (answer === undefined) return void response.writeHead(404).end('{}')
    if ('code' in answer) return void response.writeHead(answer.code as number).end(JSON.stringify(answer))
    if (searchParams.has('watch')) return response.writeHead(200).flushHeaders()
    response.end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new Agent()
  const options: HttpOptions = {
    base: '',
    authorizer: { authorize: async () => ({ headers: {}, dispatcher: agent }), renew: () => false },
    deadlinesMs: { read: 5000, write: 5000 },
    onCall: () => {},
  }
  const { port } = server.address() as AddressInfo
  const rules = new AdmissionRules(rawRequests(`http://127.0.0.1:${port}`, httpLibrary(options), options), log)
  t.teardown(async () => {
    rules.stop()
    server.closeAllConnections()
    server.close()
    await agent.destroy()
  })
  rules.start()
  return rules
}

const served = (...names: string[]) => ({
  [GROUP]: { versions: [{ version: 'v1' }] },
  [`${GROUP}/v1`]: { resources: names.map((name) => ({ name })) },
})

const list = (...specs: object[]) => ({
  metadata: { resourceVersion: '5' },
  items: specs.map((spec, index) => ({
    metadata: { name: `one-${index}`, uid: `uid-${index}`, resourceVersion: '3' },
    ...spec,
  })),
})

t.test('tells which resources a webhook or a policy is about', async (t) => {
  const rules = await rulesOf(t, {
    ...served('validatingwebhookconfigurations', 'validatingadmissionpolicies'),
    [WEBHOOKS]: list({
      webhooks: [{}, { rules: [{ apiGroups: ['cert-manager.io'], resources: ['*'] }] }],
    }),
    [POLICIES]: list({
      spec: {
        matchConstraints: { resourceRules: [{ apiGroups: ['', 'apps'], resources: ['pods/*', 'deployments'] }] },
      },
    }),
  })
  t.ok(rules.concern(['/services']), 'that is not known yet')
  await until('it is known', async () => !rules.concern(['/services']))
  t.ok(rules.concern(['/services', '/pods']))
  t.ok(rules.concern(['apps/deployments']))
  t.notOk(rules.concern(['networking.k8s.io/ingresses']))
})

t.test('one for everything is about everything, and what binds this service alone about nothing', async (t) => {
  const everything = { resourceRules: [{ apiGroups: ['*'], resources: ['*/*'] }] }
  const answers = {
    ...served('validatingadmissionpolicies'),
    [POLICIES]: list({ spec: { matchConstraints: everything } }),
  }
  const rules = await rulesOf(t, answers)
  const labels = { 'fluxiondb.com/binds-service': 'true' }
  const metadata = { name: 'own', uid: 'own', resourceVersion: '3', labels }
  const own = await rulesOf(t, { ...answers, [POLICIES]: list({ metadata, spec: { matchConstraints: everything } }) })
  await until('it is known', async () => !own.concern(['/pods']))
  t.ok(rules.concern(['/pods']))
})

t.test('without the right to look, everything may be judged, and that is said once', async (t) => {
  const lines: string[] = []
  const log = createLogger('info', { write: (line) => lines.push(line) })
  const answers = { ...served('validatingwebhookconfigurations'), [WEBHOOKS]: { code: 403, message: 'may not list' } }
  const rules = await rulesOf(t, answers, log)
  await until('it was tried', async () => lines.length > 0)
  t.ok(rules.concern(['/services']))
  t.match(lines, [/validatingwebhookconfigurations/])
})
