import type { V1Container } from '@kubernetes/client-node'
import t from 'tap'
import type { Desired } from '../../../../src/manifests/desired.ts'
import { DEFAULT_OPTIONS, imageOf } from '../../../../src/manifests/options.ts'
import { renderPodTemplate, renderResources } from '../../../../src/manifests/pod-template.ts'
import { DEFAULT_POLICY } from '../../../../src/policy/policy.ts'
import { planAdoption } from '../../../../src/tenants/adopt/adoption.ts'
import type { Found } from '../../../../src/tenants/adopt/found.ts'
import { desire, desireRam, withTemplate } from '../../../../src/tenants/options/desire.ts'
import { CAPABILITIES } from '../../../fixtures/tenants.ts'
import { foundRelease } from '../../../helpers/found-release.ts'

const Gi = 1n << 30n
const TERMS = { options: DEFAULT_OPTIONS, cpuRequestPercent: 100, policy: DEFAULT_POLICY }
const plan = (found: Found, capabilities = CAPABILITIES) => planAdoption(found, TERMS, capabilities)
const containerOf = (found: Found) => found.deployment!.spec!.template.spec!.containers[0]!
/** The quick start with another container. */
const withContainer = (change: (container: V1Container) => void) => foundRelease((found) => change(containerOf(found)))

t.test('keeps sizes and options of the quick start as they are', async (t) => {
  const { desired, plan: planned, release } = plan(foundRelease())
  t.equal(release, 'db-user123')
  t.match(planned, { feasible: true, strategy: 'inPlace', expectedDisruption: 'none', worstDisruption: 'none' })
  t.match(desired, {
    ramSize: '2Gi',
    storageSize: '4Gi',
    cpu: { request: '250m', limit: '1000m' },
    templateRevision: 0,
  })
  t.match(desired?.options, {
    image: { repository: 'volandoo/fluxiondb', tag: '1.2', pullPolicy: 'Always', pullSecrets: [] },
    storage: { enabled: true, size: null, storageClass: 'fast-ssd', existingClaim: null },
    secret: { name: null, key: 'secret-key' },
    resources: { requests: { cpu: '250m' }, limits: { cpu: '1' } },
    service: { type: 'ClusterIP', port: 8080, annotations: {} },
    ingress: { enabled: false },
    networkPolicy: { enabled: false },
    livenessProbe: { enabled: true, initialDelaySeconds: 10, type: 'tcp' },
    readinessProbe: { enabled: true, initialDelaySeconds: 5 },
    podLabels: {},
    flushInterval: 20,
    dataFolder: '/data',
  })
})

t.test('says what changes, which is no size: a rolling update becomes Recreate', async (t) => {
  t.strictSame(plan(foundRelease()).plan.changes, [{ resource: 'strategy', from: 'RollingUpdate', to: 'Recreate' }])
})

t.test('leaves a request of RAM below the limit as it is until the RAM is changed, and says so', async (t) => {
  const { desired, plan: planned } = plan(foundRelease())
  const request = (of: Desired) => renderResources(of).requests?.memory
  t.equal(request(desired!), '512Mi')
  t.ok(planned.reasons.some(({ code }) => code === 'RequestKept'))
  const current = { desired: desired!, storage: 4n * Gi }
  const patched = desire(TERMS, { ram: 2n * Gi, sizePlan: undefined, asked: { description: 'one' } }, current)
  t.equal(request(patched), '512Mi', 'an option is no matter of sizes')
  t.equal(withTemplate('user123', desired!, patched).templateRevision, 0, 'nor one of the pod')
  t.equal(request(desireRam(TERMS, 3n * Gi, current)), '3Gi')
})

t.test('takes for the request what Kubernetes does where there is only a limit', async (t) => {
  const { desired, plan: planned } = plan(withContainer(({ resources }) => delete resources!.requests))
  t.match(desired, { cpu: { request: '1000m', limit: '1000m' }, memoryRequest: undefined })
  t.notOk(planned.changes.some(({ resource }) => resource.startsWith('resources')))
})

t.test('grows storage that is below twice the RAM with the RAM only, as its volume may not be able to', async (t) => {
  const { desired } = plan(
    foundRelease(({ claims }) => Object.assign(claims[0]!.spec!.resources!.requests!, { storage: '3Gi' })),
  )
  const current = { desired: desired!, storage: 3n * Gi }
  t.equal(desireRam(TERMS, 1n * Gi, current).storageSize, '3Gi')
  t.equal(desire(TERMS, { ram: 2n * Gi, sizePlan: undefined, asked: {} }, current).storageSize, '3Gi')
  t.equal(desireRam(TERMS, 4n * Gi, current).storageSize, '8Gi')
})

t.test(
  'keeps what it was taken over with, as if it were the default, until somebody asks for something else',
  async (t) => {
    const { desired } = plan(foundRelease())
    const current = { desired: desired!, storage: 4n * Gi }
    const wish = { ram: 2n * Gi, sizePlan: undefined }
    t.same(desire(TERMS, { ...wish, asked: {} }, current), desired, 'a tool that declares its RAM changes nothing')
    const other = desire(TERMS, { ...wish, asked: { flushInterval: 30 } }, current)
    t.equal(other.options.flushInterval, 30)
    const again = desire(TERMS, { ...wish, asked: {} }, { desired: other, storage: 4n * Gi })
    t.equal(again.options.flushInterval, 20, 'not asked for any more: as it was taken over')
    const released = { networkPolicy: null, image: { tag: null } }
    const given = desire(TERMS, { ...wish, asked: {}, released }, current)
    t.match(given.options, { networkPolicy: { enabled: true }, image: { tag: 'latest', pullPolicy: 'Always' } })
    t.match(given.kept, { networkPolicy: undefined, image: { tag: undefined, pullPolicy: 'Always' } }, 'and for good')
  },
)

t.test('lets CPU that follows from the RAM go on following, and other CPU stay', async (t) => {
  const resources = { requests: { cpu: '750m', memory: '2Gi' }, limits: { cpu: '1500m', memory: '2Gi' } }
  const { desired } = plan(withContainer((container) => Object.assign(container, { resources })))
  t.match(desireRam(TERMS, 4n << 30n, { desired: desired!, storage: 4n << 30n }).cpu, {
    request: '1000m',
    limit: '2000m',
  })
  const { desired: other } = plan(foundRelease())
  t.match(desireRam(TERMS, 4n << 30n, { desired: other!, storage: 4n << 30n }).cpu, { request: '250m', limit: '1000m' })
})

t.test('leaves storage below twice the RAM as it is, and says so', async (t) => {
  const { desired, plan: planned } = plan(
    foundRelease(({ claims }) => Object.assign(claims[0]!.spec!.resources!.requests!, { storage: '3Gi' })),
  )
  t.equal(desired?.storageSize, '3Gi')
  t.match(
    planned.reasons.map(({ code }) => code),
    ['TemplateKept', 'RequestKept', 'CommandDropped', 'StorageBelowTwiceRam'],
  )
})

t.test('keeps every option of the chart', async (t) => {
  const policy = [{ _from: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }] }]
  const { desired } = plan(
    foundRelease((found) => {
      const { template } = found.deployment!.spec!
      template.metadata!.labels!.team = 'a'
      template.metadata!.annotations = { 'prometheus.io/scrape': 'true', 'kubectl.kubernetes.io/restartedAt': 'then' }
      Object.assign(template.spec!, {
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'a', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        priorityClassName: 'high',
        serviceAccountName: 'runner',
        imagePullSecrets: [{ name: 'registry' }],
      })
      delete containerOf(found).livenessProbe
      found.service!.metadata!.annotations!['example.com/a'] = 'b'
      found.service!.spec!.ports![0]!.port = 80
      found.networkPolicy = { spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: policy } }
      const backend = { service: { name: 'db-user123-fluxiondb', port: { name: 'http' } } }
      found.ingress = {
        metadata: { annotations: { 'cert-manager.io/issuer': 'a', 'meta.helm.sh/release-name': 'db-user123' } },
        spec: {
          ingressClassName: 'nginx',
          rules: [{ host: 'db.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
          tls: [{ hosts: ['db.example.com'], secretName: 'tls' }],
        },
      }
    }),
  )
  t.match(desired?.options, {
    podLabels: { team: 'a' },
    podAnnotations: { 'prometheus.io/scrape': 'true' },
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'a', operator: 'Exists' }],
    priorityClassName: 'high',
    serviceAccountName: 'runner',
    image: { pullSecrets: ['registry'] },
    livenessProbe: { enabled: false },
    service: { port: 80, annotations: { 'example.com/a': 'b' } },
    networkPolicy: {
      enabled: true,
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }] }],
      egress: [],
    },
    ingress: {
      enabled: true,
      className: 'nginx',
      hosts: [{ host: 'db.example.com', paths: [{ path: '/', pathType: 'Prefix' }] }],
      tls: [{ hosts: ['db.example.com'], secretName: 'tls' }],
    },
  })
  t.strictSame(Object.keys(desired!.options.podAnnotations), ['prometheus.io/scrape'], 'not what tools leave')
  t.strictSame(desired!.options.ingress.annotations, { 'cert-manager.io/issuer': 'a' }, 'nor what Helm does')
})

t.test('goes on with a claim and a Secret of other names', async (t) => {
  const { desired } = plan(
    foundRelease((found) => {
      found.claims[0]!.metadata!.name = 'old-data'
      found.deployment!.spec!.template.spec!.volumes![0]!.persistentVolumeClaim!.claimName = 'old-data'
      containerOf(found).env![0]!.valueFrom!.secretKeyRef = { name: 'vault', key: 'fluxion' }
    }),
  )
  t.match(desired?.options, { storage: { existingClaim: 'old-data' }, secret: { name: 'vault', key: 'fluxion' } })
  const tenant = { userId: 'user123', generation: 1, running: true, deleted: false, resize: 'inPlace' } as const
  t.match(renderPodTemplate({ ...tenant, desired: desired! }).spec, {
    volumes: [{ persistentVolumeClaim: { claimName: 'old-data' } }],
    containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'vault', key: 'fluxion' } } }] }],
  })
})

t.test('mounts a volume of another place at /data from the next restart on, and says so', async (t) => {
  const { desired, plan: planned } = plan(
    withContainer((container) => {
      container.env![1]!.value = '/app/data'
      container.volumeMounts![0]!.mountPath = '/app/data'
    }),
  )
  t.equal(desired?.options.dataFolder, '/data')
  t.ok(planned.reasons.some(({ code }) => code === 'FolderMoves'))
})

t.test('needs no resize, but for a pod that has no CPU request or limit', async (t) => {
  const unable = { ...CAPABILITIES, resizePods: false }
  t.ok(plan(foundRelease(), unable).plan.feasible)
  const without = withContainer(({ resources }) => Object.assign(resources!, { limits: { memory: '2Gi' } }))
  t.match(plan(without).plan.changes, [{ resource: 'resources.limits.cpu', from: 'none' }, {}])
  t.match(plan(without, unable), {
    desired: null,
    plan: { feasible: false, reasons: [{ code: 'ResizeNotAvailable' }] },
  })
})

t.test('leaves to controllers the annotations that are theirs', async (t) => {
  const { desired } = plan(
    foundRelease(({ service }) => {
      service!.metadata!.annotations = { 'example.com/a': 'b', 'cloud.example.com/status': 'up' }
      const owns = (manager: string, ...keys: string[]) => ({
        manager,
        operation: 'Update',
        fieldsV1: { 'f:metadata': { 'f:annotations': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) } },
      })
      service!.metadata!.managedFields = [
        owns('provisioner', 'example.com/a', 'meta.helm.sh/release-name'),
        owns('cloud-controller', 'cloud.example.com/status'),
      ]
    }),
  )
  t.strictSame(desired?.options.service.annotations, { 'example.com/a': 'b' })
})

t.test('turns the name of a port in a network policy into its number, as a later pod calls it otherwise', async (t) => {
  const ingress = [{ ports: [{ port: 'http', protocol: 'TCP' }, { port: 9090 }, {}] }]
  const { desired } = plan(foundRelease((found) => Object.assign(found, { networkPolicy: { spec: { ingress } } })))
  t.strictSame(desired?.options.networkPolicy.ingress, [
    { ports: [{ protocol: 'TCP', port: 8080 }, { port: 9090 }, {}] },
  ])
})

t.test('tells a value that this service has no place for', async (t) => {
  const slow = withContainer(({ args }) => args!.splice(4, 1, '100000'))
  t.match(plan(slow).plan, {
    feasible: false,
    reasons: [{ code: 'OptionNotKnown', message: /^flushInterval is 100000/ }],
  })
})

t.test('keeps an image that is pinned to a digest, and a volume without a class', async (t) => {
  const image = `registry:5000/fluxiondb:1.4.2@sha256:${'0f'.repeat(32)}`
  const { desired } = plan(
    foundRelease((found) => {
      containerOf(found).image = image
      found.claims[0]!.spec!.storageClassName = ''
    }),
  )
  t.match(desired?.options, { image: { repository: 'registry:5000/fluxiondb' }, storage: { storageClass: '' } })
  t.equal(imageOf(desired!.options.image), image)
})

t.test('gives a release nothing that it has not, though new tenants have it by default', async (t) => {
  const options = {
    ...DEFAULT_OPTIONS,
    tolerations: [{ operator: 'Exists' }],
    affinity: { podAffinity: {} },
    priorityClassName: 'databases',
    serviceAccountName: 'runner',
  }
  const { desired } = planAdoption(foundRelease(), { ...TERMS, options }, CAPABILITIES)
  t.match(desired?.options, { tolerations: [], affinity: {}, priorityClassName: null, serviceAccountName: null })
  t.strictSame(desired?.options.affinity, {})
})
