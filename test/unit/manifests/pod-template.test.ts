import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { stringify } from 'yaml'
import type { Desired, Tenant } from '../../../src/manifests/desired.ts'
import { DEFAULT_OPTIONS } from '../../../src/manifests/options.ts'
import { RENDERER_VERSION, renderPodTemplate } from '../../../src/manifests/pod-template.ts'
import { overlay } from '../../../src/tenants/options/settle.ts'
import { tenantOf } from '../../../src/tenants/record/spec.ts'
import { CAPABILITIES } from '../../fixtures/tenants.ts'
import { aSpec } from '../../helpers/observed.ts'

/** For each version of the renderer the hash of what it renders. Raise the version, then run with UPDATE_FIXTURES=1. */
const FILE = new URL('../../fixtures/renderer-versions.json', import.meta.url)
/** Written out, so that nothing but the renderer changes the hash. */
const DESIRED: Desired = {
  ramSize: '1Gi',
  storageSize: '2Gi',
  cpu: { request: '500m', limit: '1000m' },
  options: overlay(DEFAULT_OPTIONS, { image: { repository: 'image', tag: '1' } }),
  asked: {},
  sizePlan: null,
  templateRevision: 1,
}
const TENANTS: Tenant[] = [
  { userId: 'a', generation: 1, running: true, deleted: false, resize: 'inPlace', desired: DESIRED },
  {
    userId: 'a-fluxiondb',
    generation: 2,
    running: true,
    deleted: false,
    resize: 'inPlace',
    desired: {
      ...DESIRED,
      options: overlay(DESIRED.options, { livenessProbe: { type: 'tcp' }, dataFolder: '/other' }),
    },
  },
]

const versions: Record<string, string> = JSON.parse(readFileSync(FILE, 'utf8'))
const [exec, tcp] = TENANTS.map(renderPodTemplate)
const hash = createHash('sha256')
  .update(stringify([exec, tcp], { sortMapEntries: true, aliasDuplicateObjects: false }))
  .digest('hex')

if (process.env.UPDATE_FIXTURES === '1' && versions[RENDERER_VERSION] === undefined) {
  versions[RENDERER_VERSION] = hash
  writeFileSync(FILE, `${JSON.stringify(versions, null, 2)}\n`)
}

t.test('renders the same template for ever under the same renderer version', async (t) => {
  t.equal(hash, versions[RENDERER_VERSION], 'the template has changed: raise RENDERER_VERSION')
})

t.test('raises the renderer version only with a new template', async (t) => {
  const hashes = Object.values(versions)
  t.equal(new Set(hashes).size, hashes.length)
})

t.test('satisfies the restricted Pod Security Standard', async (t) => {
  const { spec } = exec!
  t.match(spec, {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
  })
  t.match(spec?.containers[0]?.securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  })
  t.notOk(spec?.hostNetwork ?? spec?.hostPID ?? spec?.hostIPC)
})

t.test('asks for exactly the RAM of the tenant, no less at the limit and no more', async (t) => {
  const { resources } = renderPodTemplate(tenantOf(aSpec({ desired: { ramSize: '1536Mi' } }), CAPABILITIES)).spec!
    .containers[0]!
  t.equal(resources?.requests?.memory, '1536Mi')
  t.equal(resources?.limits?.memory, '1536Mi')
})

t.test('takes the key from the Secret, and writes it nowhere', async (t) => {
  const [container] = exec!.spec!.containers
  t.strictSame(container?.env, [
    {
      name: 'FLUXIONDB_SECRET_KEY',
      valueFrom: { secretKeyRef: { name: 'db-a-fluxiondb-secrets', key: 'secret-key' } },
    },
  ])
  t.ok(container?.args?.includes('--secret-key=$(FLUXIONDB_SECRET_KEY)'))
})

t.test('gives the database the time of a flush, and a little more, to end', async (t) => {
  const { spec } = renderPodTemplate(tenantOf(aSpec({ options: { flushInterval: 60 } }), CAPABILITIES))
  t.equal(spec?.terminationGracePeriodSeconds, 65)
  t.ok(spec?.containers[0]?.args?.includes('--flush-interval=60'))
})

t.test('mounts the claim where the database keeps its data', async (t) => {
  const { spec } = tcp!
  t.strictSame(spec?.volumes, [{ name: 'data', persistentVolumeClaim: { claimName: 'db-a-fluxiondb' } }])
  t.strictSame(spec?.containers[0]?.volumeMounts, [{ name: 'data', mountPath: '/other' }])
  t.ok(spec?.containers[0]?.args?.includes('--data=/other'))
})

t.test('looks for a sign of life by HTTP, or by TCP where that is asked for', async (t) => {
  const { livenessProbe: byHttp } = exec!.spec!.containers[0]!
  const { livenessProbe: byTcp } = tcp!.spec!.containers[0]!
  t.match(byHttp?.exec?.command, ['/bin/bash', '-c', /\/dev\/tcp\/127\.0\.0\.1\/8080.*HTTP/s])
  t.equal(byHttp?.tcpSocket, undefined)
  t.equal(byTcp?.exec, undefined)
  t.equal(byTcp?.tcpSocket?.port, 'websocket')
})
