/** The instance chart without a cluster: it renders what the service renders, and refuses what it cannot do. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import type { KubernetesObject, V1NetworkPolicyIngressRule, V1ObjectMeta } from '@kubernetes/client-node'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { renderDeployment } from '../../src/manifests/deployment.ts'
import type { Tenant } from '../../src/manifests/desired.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { type Asked, DEFAULT_OPTIONS, type Options } from '../../src/manifests/options.ts'
import { renderSurroundings } from '../../src/manifests/render.ts'
import { renderSecret } from '../../src/manifests/secret.ts'
import { helm } from '../../tools/helm.ts'
import { kubernetesSchemas } from '../../tools/kubernetes-schemas.ts'
import { binaries } from '../../tools/local-cluster/binaries.ts'
import { run } from '../../tools/local-cluster/run.ts'

const CHART = new URL('../../charts/fluxiondb', import.meta.url).pathname
const VALUES = globSync(`${CHART}/ci/*-values.yaml`).sort()
const KEY = 'dummy-key'
const report = () => {}
const skip = spawnSync('go', ['version']).status === 0 ? false : 'Go is needed to build the programs that check charts'

t.test('helm lint finds nothing wrong', { skip }, async (t) => {
  for (const values of VALUES) {
    const found = await helm(['lint', '--strict', CHART, `--values=${values}`], report)
    t.match(found, '0 chart(s) failed', basename(values))
  }
})

t.test('the unit tests of the templates pass', { skip }, async (t) => {
  const { 'helm-unittest': program } = await binaries(['helm-unittest'], report)
  t.match(await run(program, ['--strict', CHART]), /Test Suites: \d+ passed/)
})

t.test('what it renders satisfies the schemas of Kubernetes', { skip }, async (t) => {
  const { kubeconform } = await binaries(['kubeconform'], report)
  const schemas = `${await kubernetesSchemas()}/{{.ResourceKind}}{{.KindSuffix}}.json`
  for (const values of VALUES) {
    const input = await helm(['template', 'db', CHART, `--values=${values}`], report)
    const judged = spawnSync(kubeconform, ['-strict', `-schema-location=${schemas}`], { input, encoding: 'utf8' })
    t.equal(judged.status, 0, `${basename(values)}: ${judged.stdout}`)
  }
})

/** The defaults of the chart, where they are not those of the service. */
const CHART_DEFAULTS: Asked = {
  networkPolicy: { enabled: false, ingress: [], egress: [] },
  livenessProbe: { initialDelaySeconds: 10 },
  readinessProbe: { initialDelaySeconds: 5 },
}
const INGRESS: Asked<Options['ingress']> = {
  enabled: true,
  hosts: [
    {
      host: '*.db.example.com',
      paths: [
        { path: '/', pathType: 'Prefix' },
        { path: '/a', pathType: 'Exact' },
      ],
    },
    { host: 'db.example.com', paths: [{ path: '/', pathType: 'ImplementationSpecific' }] },
  ],
}
const PREMIUM_POLICY: Asked<Options['networkPolicy']> = {
  enabled: true,
  ingress: [
    {
      from: [{ namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
      // The client's type calls `from` by another name, which only the client knows.
    } as V1NetworkPolicyIngressRule,
  ],
}

type Case = { id?: string; sizes?: Partial<Omit<Tenant['desired'], 'options'>>; options?: Asked }

const CASES: Record<string, Case> = {
  "the chart's own defaults": {
    sizes: { ramSize: '512Mi', storageSize: '10Gi', cpu: { request: '250m', limit: '1000m' } },
    options: CHART_DEFAULTS,
  },
  "the service's own defaults": {},
  'a basic user': {
    sizes: { ramSize: '1Gi', storageSize: '20Gi', cpu: { request: '500m', limit: '1000m' } },
    options: { ...CHART_DEFAULTS, storage: { storageClass: 'fast-ssd' } },
  },
  'a premium user': {
    sizes: { ramSize: '8Gi', storageSize: '100Gi', cpu: { request: '2000m', limit: '4000m' } },
    options: { ...CHART_DEFAULTS, storage: { storageClass: 'premium-ssd' }, networkPolicy: PREMIUM_POLICY },
  },
  'an id that contains the name of the chart': { id: 'my-fluxiondb' },
  'the longest id': { id: 'a'.repeat(40) },
  'a policy for what comes in only': { options: { networkPolicy: { policyTypes: ['Ingress'] } } },
  'a policy for what goes out only': { options: { networkPolicy: { policyTypes: ['Egress'] } } },
  'an ingress': { options: { ingress: INGRESS } },
  'an ingress with TLS, a class and annotations': {
    options: {
      ingress: {
        ...INGRESS,
        className: 'nginx',
        annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '60', 'cert-manager.io/issuer': 'ours' },
        tls: [{ hosts: ['db.example.com'], secretName: 'db-tls' }, { hosts: ['*.db.example.com'] }],
      },
    },
  },
  'a Secret that is there': { options: { secret: { name: 'my-key' } } },
  'a claim that is there': { options: { storage: { existingClaim: 'my-claim' } } },
  'no storage': { options: { storage: { enabled: false } } },
  'a liveness probe by TCP, with delays': {
    options: { livenessProbe: { type: 'tcp', initialDelaySeconds: 30 }, readinessProbe: { initialDelaySeconds: 7 } },
  },
  'a liveness probe by exec, with a delay': { options: { livenessProbe: { initialDelaySeconds: 30 } } },
  'no probes, with delays': {
    options: {
      livenessProbe: { enabled: false, initialDelaySeconds: 30 },
      readinessProbe: { enabled: false, initialDelaySeconds: 7 },
    },
  },
  'a place of its own': {
    options: {
      nodeSelector: { disk: 'ssd', 'example.com/fast': 'true' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] }],
          },
        },
      },
      priorityClassName: 'high',
      serviceAccountName: 'my-account',
    },
  },
  'another image, with pull secrets': {
    options: {
      image: {
        repository: 'registry.example.com:5000/fluxiondb',
        tag: `sha256:${'0f'.repeat(32)}`,
        pullPolicy: 'Always',
        pullSecrets: ['one', 'two'],
      },
    },
  },
  'labels and annotations of the pod, of which its own cannot be changed': {
    options: {
      podLabels: { team: 'a', 'app.kubernetes.io/name': 'other', 'app.kubernetes.io/component': 'other' },
      podAnnotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' },
    },
  },
  'another kind of Service': {
    options: { service: { type: 'LoadBalancer', port: 443, annotations: { 'example.com/internal': 'true' } } },
  },
  'another flush interval and folder': { options: { flushInterval: 60, dataFolder: '/data/a/b.c' } },
}

for (const [what, one] of Object.entries(CASES)) {
  t.test(`renders what the service renders: ${what}`, { skip }, async (t) => {
    const tenant = tenantOf(one)
    const { release, namespace } = namesFor(tenant.userId)
    const folder = t.testdir({ 'values.json': JSON.stringify(valuesOf(tenant)) })
    const manifests = await helm(
      ['template', release, CHART, `--namespace=${namespace}`, `--values=${folder}/values.json`],
      report,
    )
    const rendered = parseAllDocuments(manifests).flatMap((document): KubernetesObject[] => document.toJS() ?? [])
    t.strictSame(byKind(rendered), byKind(renderedByService(tenant)))
  })
}

function tenantOf({ id = 'user123', sizes, options = {} }: Case): Tenant {
  const given = options as Record<string, unknown>
  const settled = Object.entries(DEFAULT_OPTIONS).map(([name, value]) => {
    const isGroup = value !== null && typeof value === 'object' && !Array.isArray(value)
    return [name, isGroup ? { ...value, ...(given[name] ?? {}) } : (given[name] ?? value)]
  })
  return {
    userId: id,
    generation: 1,
    running: true,
    deleted: false,
    resize: 'inPlace',
    desired: {
      ramSize: '2Gi',
      storageSize: '4Gi',
      cpu: { request: '750m', limit: '1500m' },
      ...sizes,
      options: Object.fromEntries(settled) as Options,
      asked: options,
      sizePlan: null,
      templateRevision: 1,
    },
  }
}

/** The options of a tenant as values of the chart, every one given. */
function valuesOf({ desired: { ramSize, storageSize, cpu, options } }: Tenant) {
  const { image, storage, secret, ingress, serviceAccountName, flushInterval, dataFolder } = options
  const { pullSecrets, ...imageItself } = image
  return {
    replicaCount: 1,
    image: imageItself,
    imagePullSecrets: pullSecrets.map((name) => ({ name })),
    resources: { requests: { memory: ramSize, cpu: cpu.request }, limits: { memory: ramSize, cpu: cpu.limit } },
    persistence: {
      enabled: storage.enabled,
      storageClass: storage.storageClass ?? '',
      accessModes: ['ReadWriteOnce'],
      size: storageSize,
      existingClaim: storage.existingClaim ?? '',
    },
    secret: { create: secret.name === null, name: secret.name ?? '', secretKey: secret.name === null ? KEY : '' },
    ingress: { ...ingress, className: ingress.className ?? '' },
    serviceAccount: { create: false, name: serviceAccountName ?? '', annotations: {} },
    env: { flushInterval, dataFolder },
    quota: { enabled: true },
    service: options.service,
    networkPolicy: options.networkPolicy,
    livenessProbe: options.livenessProbe,
    readinessProbe: options.readinessProbe,
    podAnnotations: options.podAnnotations,
    podLabels: options.podLabels,
    nodeSelector: options.nodeSelector,
    tolerations: options.tolerations,
    affinity: options.affinity,
    priorityClassName: options.priorityClassName ?? '',
  }
}

/** The quota of a database that has a priority class: it counts pods that have one. */
const ONE_WITH_CLASS = {
  hard: { pods: '1' },
  scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'Exists' }] },
}

/** Without the service's own rights. */
function renderedByService(tenant: Tenant): KubernetesObject[] {
  const { secret, storage, priorityClassName } = tenant.desired.options
  const serviceIdentity = { username: 'nobody', tenantRole: 'none' }
  // Helm does not see the pods, so its quota counts them whatever their class.
  const {
    roleBinding: _,
    claim,
    quota,
    service,
    networkPolicy,
    ingress,
  } = renderSurroundings(tenant, serviceIdentity, false)
  return [
    secret.name === null ? renderSecret(tenant.userId, KEY, '{}') : undefined,
    // The service grows a claim that an operator has prepared; Helm would take it for its own.
    storage.existingClaim === null ? claim : undefined,
    priorityClassName === null ? quota : { ...quota, spec: ONE_WITH_CLASS },
    service,
    networkPolicy,
    ingress,
    renderDeployment(tenant),
  ].filter((object) => object !== undefined)
}

/** Labels and annotations that tell who keeps an object, Helm or the service. */
const KEEPER = /^(helm\.sh\/|fluxiondb\.com\/|app\.kubernetes\.io\/(version|managed-by)$)/

function byKind(objects: KubernetesObject[]): Record<string, KubernetesObject> {
  return Object.fromEntries(
    objects.map((object) => {
      const plain = structuredClone(object) as KubernetesObject & { spec?: { template?: { metadata?: V1ObjectMeta } } }
      for (const metadata of [plain.metadata, plain.spec?.template?.metadata]) {
        if (metadata) Object.assign(metadata, withoutKeeper(metadata))
      }
      return [plain.kind!, plain]
    }),
  )
}

function withoutKeeper({ labels = {}, annotations = {} }: V1ObjectMeta): Pick<V1ObjectMeta, 'labels' | 'annotations'> {
  const without = (texts: Record<string, string>) =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => !KEEPER.test(key)))
  return { labels: without(labels), annotations: without(annotations) }
}

const BAD: [what: string, values: string, message: RegExp][] = [
  ['a misspelt group', 'persistance.size=4Gi', /'persistance' not allowed/],
  ['a misspelt value', 'persistence.sise=4Gi', /\/persistence': .*'sise' not allowed/],
  ['a second replica', 'replicaCount=2', /\/replicaCount': .*want 1/],
  ['no key', 'secret.secretKey=', /secret\.secretKey: give the key/],
  ['a key under its old name', 'secret.key=k', /\/secret': .*'key' not allowed/],
  ['no Secret at all', 'secret.create=false', /secret\.name: .*must name a Secret/],
  ['a volume for many', 'persistence.accessModes[0]=ReadWriteMany', /\/persistence\/accessModes\/0': .*ReadWriteOnce/],
  ['a size that is none', 'persistence.size=4GB', /\/persistence\/size': '4GB'/],
  ['RAM that is none', 'resources.limits.memory=much', /\/resources\/limits\/memory': 'much'/],
  ['CPU that is none', 'resources.requests.cpu=1x', /\/resources\/requests\/cpu': '1x'/],
  ['RAM without a limit', 'resources.limits.memory=null', /\/resources\/limits': .*'memory'/],
  ['an ingress without a host', 'ingress.enabled=true,ingress.hosts=null', /\/ingress.*hosts/],
  ['a data folder that is none', 'env.dataFolder=data', /\/env\/dataFolder': 'data'/],
  ['another kind of Service', 'service.type=External', /\/service\/type'/],
  ['an annotation that is no text', 'podAnnotations.a=1', /\/podAnnotations\/a'/],
]
for (const [what, values, message] of BAD) {
  t.test(`${what} is refused by its name`, { skip }, async (t) => {
    const args = ['template', 'db', CHART, `--set=secret.secretKey=${KEY}`, `--set=${values}`]
    await t.rejects(helm(args, report), { message })
  })
}
