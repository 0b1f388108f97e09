/** Values as Helm's users write them: both charts take them for what is meant, or say by name why not. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { helm } from '../../tools/helm.ts'
import { renderMany, umbrella, type Values } from '../helpers/umbrella.ts'

const chartOf = (name: string) => new URL(`../../charts/${name}`, import.meta.url).pathname
const INSTANCE = chartOf('fluxiondb')
const SERVICE = chartOf('fluxiondb-provisioner')
const DIGEST = `sha256:${'0f'.repeat(32)}`
const KEY = { secretKey: 'dummy-key' }
const skip = spawnSync('go', ['version']).status === 0 ? false : 'Go is needed to build Helm'

const template = (chart: string, ...args: string[]) => helm(['template', 'db', chart, ...args], () => {})

/** What has no default to go back to: null is refused, or means that there is none. */
const WITHOUT_DEFAULT: Record<string, readonly string[]> = {
  fluxiondb: ['secret', 'secret.secretKey', 'resources.'],
  'fluxiondb-provisioner': ['resources.'],
}

for (const chart of [INSTANCE, SERVICE]) {
  const name = basename(chart)
  const defaults: Values = parse(readFileSync(join(chart, 'values.yaml'), 'utf8'))
  const given = name === 'fluxiondb' ? { secret: KEY } : {}
  const exceptions = WITHOUT_DEFAULT[name]!
  const isException = (path: string) =>
    exceptions.some((one) => path === one || (one.endsWith('.') && path.startsWith(one)))
  const paths = everyPath(defaults).filter((path) => !isException(path))

  t.test(`${name}: every value and every group that is null is the default`, { skip }, async (t) => {
    t.ok(paths.length > 40)
    const cases = Object.fromEntries(paths.map((path) => [path, merged(given, at(path, null))]))
    const { objects } = await renderMany<string>(t, chart, { '': given, ...cases })
    for (const path of paths) t.strictSame(objects[path], objects[''], path)
  })

  t.test(`${name}: every number and boolean may be text`, { skip }, async (t) => {
    const texts = paths.filter((path) => ['number', 'boolean'].includes(typeof valueAt(defaults, path)))
    t.ok(texts.length > 5)
    const cases = Object.fromEntries(
      texts.map((path) => [path, merged(given, at(path, String(valueAt(defaults, path))))]),
    )
    const { objects } = await renderMany<string>(t, chart, { '': given, ...cases })
    for (const path of texts) t.strictSame(objects[path], objects[''], path)
  })

  t.test(`${name}: all of them at once, without an umbrella, from a file and by --set`, { skip }, async (t) => {
    const file = join(t.testdir({ 'given.json': JSON.stringify(given) }), 'given.json')
    const expected = await template(chart, `--values=${file}`)
    const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)))
    const groups = paths.filter((path) => !path.includes('.'))
    for (const [what, some] of Object.entries({ leaves, groups })) {
      const folder = t.testdir()
      const values = some.reduce((all: Values, path) => merged(all, at(path, null)), {})
      writeFileSync(join(folder, 'nulls.json'), JSON.stringify(merged(values, given)))
      const set = some.map((path) => `${path}=null`).join(',')
      t.equal(await template(chart, `--values=${join(folder, 'nulls.json')}`), expected, `${what} in a file`)
      writeFileSync(file, JSON.stringify(given))
      t.equal(await template(chart, `--values=${file}`, `--set=${set}`), expected, `${what} by --set`)
    }
  })
}

t.test('fluxiondb takes what its users write', { skip }, async (t) => {
  const cases = {
    'a whole number as tag': { image: { tag: 20240101 } },
    'a tag with an exponent': { image: { tag: '1e3' } },
    'a tag with a digest': { image: { repository: 'registry:5000/a/b', tag: `1.4.2@${DIGEST}` } },
    'a digest': { image: { tag: DIGEST } },
    'no class': { persistence: { storageClass: '-' } },
    'a class that looks like a number': { persistence: { storageClass: '1' } },
    'a size in bytes': { persistence: { size: 2147483648 } },
    'no storage of a size in bytes': { persistence: { enabled: false, size: 2147483648 } },
    'text that YAML takes for something else': {
      fullnameOverride: 'null',
      nodeSelector: { a: 'true', b: '1e3', c: '' },
      podAnnotations: { a: '1234', b: 'null', c: '0x10', d: '~' },
      podLabels: { a: '012', b: 'on' },
      priorityClassName: '1e3',
      serviceAccount: { create: true, name: '123', annotations: { a: 'yes' } },
      persistence: { existingClaim: 'true' },
      secret: { name: '1.5' },
      imagePullSecrets: [{ name: '1' }],
      service: { annotations: { a: 'off' } },
      ingress: { enabled: true, className: 'false', annotations: { a: '1' } },
    },
    'nulls where nothing has a default': {
      podAnnotations: { a: null, b: 'c' },
      affinity: { nodeAffinity: null },
      tolerations: [{ key: 'a', operator: 'Exists', value: null }],
      networkPolicy: { enabled: true, ingress: [{ from: null, ports: [{ port: 8080, protocol: null }] }] },
    },
    'a host by its index': { ingress: { enabled: true, hosts: [{ host: 'db.example.com' }] } },
    'no limit of the CPU': { resources: { limits: { cpu: null } } },
    'no requests': { resources: { requests: null } },
    "Helm's own": { enabled: true, global: { imageRegistry: 'a', list: [null] }, tags: { backend: true } },
  }
  const keyed = Object.fromEntries(
    Object.entries(cases).map(([what, values]) => [what, merged({ secret: KEY }, values)]),
  )
  const { objects } = await renderMany(t, INSTANCE, keyed as Record<keyof typeof cases, Values>)
  const pod = (what: keyof typeof cases) => podOf(objects[what].Deployment)
  const image = (what: keyof typeof cases) => pod(what).spec.containers[0].image
  t.equal(image('a whole number as tag'), 'volandoo/fluxiondb:20240101')
  t.equal(image('a tag with an exponent'), 'volandoo/fluxiondb:1e3')
  t.equal(image('a tag with a digest'), `registry:5000/a/b:1.4.2@${DIGEST}`)
  t.equal(image('a digest'), `volandoo/fluxiondb@${DIGEST}`)
  const claim = (what: keyof typeof cases) => objects[what].PersistentVolumeClaim
  t.match(claim('no class'), { spec: { storageClassName: '' } })
  t.match(claim('a class that looks like a number'), { spec: { storageClassName: '1' } })
  t.match(claim('a size in bytes'), { spec: { resources: { requests: { storage: '2147483648' } } } })
  t.match(pod('no storage of a size in bytes'), { spec: { volumes: [{ emptyDir: { sizeLimit: '2147483648' } }] } })

  const odd = objects['text that YAML takes for something else']
  t.match(odd.Deployment, { metadata: { name: 'null' } })
  t.strictSame(podOf(odd.Deployment).spec.nodeSelector, { a: 'true', b: '1e3', c: '' })
  t.strictSame(podOf(odd.Deployment).metadata.annotations, { a: '1234', b: 'null', c: '0x10', d: '~' })
  t.match(podOf(odd.Deployment), {
    metadata: { labels: { a: '012', b: 'on' } },
    spec: {
      priorityClassName: '1e3',
      serviceAccountName: '123',
      imagePullSecrets: [{ name: '1' }],
      volumes: [{ persistentVolumeClaim: { claimName: 'true' } }],
      containers: [{ env: [{ valueFrom: { secretKeyRef: { name: '1.5' } } }] }],
    },
  })
  t.match(odd.ServiceAccount, { metadata: { name: '123', annotations: { a: 'yes' } } })
  t.match(odd.Service, { metadata: { annotations: { a: 'off' } } })
  t.match(odd.Ingress, { metadata: { annotations: { a: '1' } }, spec: { ingressClassName: 'false' } })

  const nulls = objects['nulls where nothing has a default']
  t.strictSame(podOf(nulls.Deployment).metadata.annotations, { b: 'c' })
  t.strictSame(podOf(nulls.Deployment).spec.tolerations, [{ key: 'a', operator: 'Exists' }])
  t.match(nulls.NetworkPolicy, { spec: { ingress: [{ ports: [{ port: 8080 }] }] } })
  t.notMatch(JSON.stringify(nulls), /null/)
  t.match(objects['a host by its index'].Ingress, {
    spec: { rules: [{ host: 'db.example.com', http: { paths: [{ path: '/', pathType: 'Prefix' }] } }] },
  })
  const resources = (what: keyof typeof cases) => pod(what).spec.containers[0].resources
  t.strictSame(resources('no limit of the CPU').limits, { memory: '512Mi' })
  t.strictSame(resources('no requests'), { limits: { cpu: '1000m', memory: '512Mi' } })
  t.match(objects["Helm's own"].Deployment, { spec: { replicas: 1 } })
})

t.test('fluxiondb-provisioner takes what its users write', { skip }, async (t) => {
  const cases = {
    'a whole number as tag': { image: { tag: 20240101 } },
    'a tag with a digest': { image: { tag: `1.4.2@${DIGEST}` } },
    'a digest as tag': { image: { tag: DIGEST } },
    'settings of every kind': {
      settings: {
        NETWORK_POLICY: false,
        RETENTION_DAYS: '30',
        OPERATION_TIMEOUT_SECONDS: 86400,
        RAM_MAX: null,
        IMAGE: `a:1@${DIGEST}`,
      },
    },
    'labels and annotations that the chart has too': {
      extraLabels: { 'app.kubernetes.io/name': 'x', team: 'a', 'pod-security.kubernetes.io/enforce': 'privileged' },
      podLabels: { 'app.kubernetes.io/instance': 'x', team: 'b' },
      podAnnotations: { 'checksum/policy': 'x', a: '1e3' },
      serviceMonitor: { enabled: true, labels: { 'helm.sh/chart': 'x', release: 'on' }, credential: { secret: '1' } },
    },
    'a null in the policy': { policy: { defaults: { storage: { storageClass: null } } } },
    'a class for databases that is there': { databasePriorityClass: { create: false, name: '1e3' } },
    "Helm's own": { enabled: true, global: { imageRegistry: 'a' }, tags: { backend: true } },
  }
  const { objects } = await renderMany(t, SERVICE, cases)
  const container = (what: keyof typeof cases) => podOf(objects[what].Deployment).spec.containers[0]
  t.equal(container('a whole number as tag').image, 'volandoo/fluxiondb-provisioner:20240101')
  t.equal(container('a tag with a digest').image, `volandoo/fluxiondb-provisioner:1.4.2@${DIGEST}`)
  t.equal(container('a digest as tag').image, `volandoo/fluxiondb-provisioner@${DIGEST}`)
  const env = (what: keyof typeof cases): Record<string, unknown> =>
    Object.fromEntries(container(what).env.map(({ name, value }: { name: string; value: unknown }) => [name, value]))
  t.match(env('settings of every kind'), {
    NETWORK_POLICY: 'off',
    RETENTION_DAYS: '30',
    OPERATION_TIMEOUT_SECONDS: '86400',
    IMAGE: `a:1@${DIGEST}`,
    RAM_MAX: undefined,
  })
  const both = objects['labels and annotations that the chart has too']
  t.match(podOf(both.Deployment).metadata, {
    labels: { 'app.kubernetes.io/name': 'fluxiondb-provisioner', 'app.kubernetes.io/instance': 'db', team: 'b' },
    annotations: { 'checksum/policy': /^[0-9a-f]{64}$/, a: '1e3' },
  })
  t.match(both.Namespace, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted', team: 'a' } } })
  t.match(both.ServiceMonitor, { metadata: { labels: { 'helm.sh/chart': /^fluxiondb/, release: 'on' } } })
  t.equal(
    (objects['a null in the policy'].ConfigMap as Values & { data: Values }).data['policy.json'],
    '{"defaults":{"storage":{"storageClass":null}}}',
  )
  t.match(objects["Helm's own"].PriorityClass, { metadata: { name: 'db-fluxiondb-provisioner-database' }, value: 0 })
  t.equal(env("Helm's own").PRIORITY_CLASS, 'db-fluxiondb-provisioner-database')
  t.equal(env('a class for databases that is there').PRIORITY_CLASS, '1e3')
})

t.test('a release and a namespace may look like numbers', { skip }, async (t) => {
  const names = ['--namespace=123', '--set=fullnameOverride=on']
  for (const [chart, ...values] of [[INSTANCE, '--set=secret.secretKey=dummy-key'], [SERVICE]] as const) {
    const text = await helm(['template', '1e3', chart, ...names, ...values], () => {})
    const deployment = parseAllDocuments(text)
      .find((one) => one.get('kind') === 'Deployment')!
      .toJS()
    t.match(deployment, {
      metadata: { name: 'on', namespace: '123', labels: { 'app.kubernetes.io/instance': '1e3' } },
      spec: { selector: { matchLabels: { 'app.kubernetes.io/instance': '1e3' } } },
    })
  }
})

/** What the schemas refuse: values, and what the message says of where they stand. */
const REFUSED: Record<string, [values: Values, message: RegExp][]> = {
  fluxiondb: [
    [{ image: { tag: 1.1 } }, /image\/tag': got number/],
    [{ image: { tag: '1.4.2@sha256:0f' } }, /image\/tag'/],
    [{ service: { port: '99999' } }, /service\/port'/],
    [{ service: { port: '' } }, /service\/port'/],
    [{ ingress: { enabled: 'yes' } }, /ingress\/enabled'/],
    [{ ingress: { enabled: 'true', hosts: null } }, /ingress/],
    [{ ingress: { hosts: [{ host: 'a', paths: null }] } }, /hosts\/0\/paths': got null/],
    [{ ingress: [] }, /ingress': got array/],
    [{ env: { flushInterval: '3601' } }, /flushInterval'/],
    [{ persistence: { size: '0Gi' } }, /size'/],
    [{ persistence: { storageClass: '--' } }, /storageClass'/],
    [{ priorityClassName: 'Not A Name' }, /priorityClassName'/],
    [{ podLabels: { a: 'not a value' } }, /podLabels\/a'/],
    [{ podAnnotations: { 'not a key': 'a' } }, /podAnnotations/],
    [{ nodeSelector: { a: true } }, /nodeSelector\/a': got boolean/],
    [{ resources: { limits: { memory: null } } }, /resources\/limits'/],
    [{ resources: { limits: null } }, /resources'/],
    [{ tolerations: [null] }, /tolerations\/0': got null/],
    [{ enable: true }, /'enable' not allowed/],
  ],
  'fluxiondb-provisioner': [
    [{ image: { tag: 1.5 } }, /image\/tag': got number/],
    [{ settings: { RETENTION_DAYS: '36501' } }, /RETENTION_DAYS'/],
    [{ settings: { NETWORK_POLICY: 'no' } }, /NETWORK_POLICY'/],
    [{ settings: { PRIORITY_CLASS: 'a' } }, /'PRIORITY_CLASS' not allowed/],
    [{ settings: { IMAGE: 'a@sha256:0f' } }, /IMAGE'/],
    [{ serviceMonitor: { interval: 'soon' } }, /interval'/],
    [{ extraLabels: { a: 'not a value' } }, /extraLabels\/a'/],
    [{ ingress: { hosts: ['not a host'] } }, /hosts\/0'/],
    [{ networkPolicy: { apiServerPorts: [0] } }, /apiServerPorts\/0'/],
    [{ databasePriorityClass: { value: 1000000001 } }, /databasePriorityClass\/value'/],
  ],
}
for (const chart of [INSTANCE, SERVICE]) {
  t.test(`${basename(chart)}: what cannot be meant is refused by its name`, { skip }, async (t) => {
    const refused = REFUSED[basename(chart)]!
    const cases = Object.fromEntries(refused.map(([values], index) => [index, values]))
    const failure = await renderMany(t, chart, cases).then(
      () => t.fail('all of it was taken'),
      (error: Error) => error,
    )
    const said = String((failure as Error).message).split(/^(?=as-\d+-dependency:)/m)
    for (const [index, [values, message]] of refused.entries()) {
      t.match(said.find((one) => one.startsWith(`as-${index}-dependency:`)) ?? '', message, JSON.stringify(values))
    }
  })
}

/** What only the templates can tell: values, and the whole of what they say. */
const FAILED: [chart: string, values: string, message: string][] = [
  [
    INSTANCE,
    'fullnameOverride=1db',
    'fullnameOverride: the objects would be called "1db", and a Service\'s name is of',
  ],
  [SERVICE, 'fullnameOverride=a.b', 'fullnameOverride: the objects would be called "a.b"'],
  [SERVICE, 'nameOverride=fluxiondb', 'nameOverride: by the name fluxiondb databases are found'],
  [SERVICE, 'databasePriorityClass.name=system-a', 'databasePriorityClass.name: "system-a" begins as'],
]
t.test('what the templates refuse, they say in words', { skip }, async (t) => {
  for (const [chart, values, message] of FAILED) {
    const key = chart === INSTANCE ? ['--set=secret.secretKey=dummy-key'] : []
    await t.rejects(template(chart, ...key, `--set=${values}`), { message: new RegExp(escaped(message)) }, values)
  }
})

t.test('is or is not installed with an umbrella, by the condition', { skip }, async (t) => {
  for (const chart of [INSTANCE, SERVICE]) {
    const folder = umbrella(t, chart, 1)
    const values = (enabled: boolean) =>
      JSON.stringify({
        'as-0-dependency': { enabled, ...(chart === INSTANCE ? { secret: KEY } : {}) },
        global: { a: 'b' },
      })
    writeFileSync(join(folder, 'values.yaml'), values(true))
    t.match(await template(folder), /kind: Deployment/)
    t.match(await helm(['lint', '--strict', folder], () => {}), '0 chart(s) failed')
    writeFileSync(join(folder, 'values.yaml'), values(false))
    t.notMatch(await template(folder), /kind: Deployment/)
  }
})

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Groups and what is in them, by path. */
function everyPath(values: Values, prefix = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
    return [`${prefix}${key}`, ...(isGroup ? everyPath(value as Values, `${prefix}${key}.`) : [])]
  })
}

function valueAt(values: Values, path: string): unknown {
  return path.split('.').reduce((within: unknown, key) => (within as Values)[key], values)
}

function at(path: string, value: unknown): Values {
  return path.split('.').reduceRight((within: unknown, key) => ({ [key]: within }), value) as Values
}

function merged(first: Values, second: Values): Values {
  const isGroup = (value: unknown): value is Values =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const result: Values = { ...first }
  for (const [key, value] of Object.entries(second)) {
    result[key] = isGroup(result[key]) && isGroup(value) ? merged(result[key], value) : value
  }
  return result
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
function podOf(deployment: any): any {
  return deployment.spec.template
}
