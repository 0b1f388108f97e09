import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../../src/manifests/options.ts'
import { DEFAULT_POLICY } from '../../../../src/policy/policy.ts'
import { desire, desireRam, optionChanges, withHost, withTemplate } from '../../../../src/tenants/options/desire.ts'
import { changedForGood } from '../../../../src/tenants/options/immutable-options.ts'
import { pointerFor } from '../../../../src/tenants/options/pointers.ts'

const Gi = 2n ** 30n
const terms = { options: DEFAULT_OPTIONS, cpuRequestPercent: 100, policy: DEFAULT_POLICY }
const wish = (asked: object, ram = 2n * Gi) => ({ ram, sizePlan: undefined, asked })

t.test('takes the CPU that is asked for, and lets the other give way', async (t) => {
  const cpuFor = (resources: object) => desire(terms, wish({ resources })).cpu
  t.strictSame(cpuFor({}), { request: '750m', limit: '1500m' })
  t.strictSame(cpuFor({ requests: { cpu: '2' } }), { request: '2000m', limit: '2000m' })
  t.strictSame(cpuFor({ limits: { cpu: '500m' } }), { request: '500m', limit: '500m' })
  t.strictSame(cpuFor({ requests: { cpu: '100m' }, limits: { cpu: '4' } }), { request: '100m', limit: '4000m' })
})

t.test(
  'takes the storage that is asked for where it is more than twice the RAM, and never less than there is',
  async (t) => {
    const basic = desire(terms, wish({ storage: { size: '20Gi' } }, Gi))
    t.equal(basic.storageSize, '20Gi')
    t.equal(desireRam(terms, 4n * Gi, { desired: basic, storage: 20n * Gi }).storageSize, '20Gi')
    t.equal(desireRam(terms, 16n * Gi, { desired: basic, storage: 20n * Gi }).storageSize, '32Gi')
  },
)

t.test('takes a tenant off its size plan with another RAM, and keeps what came with the plan', async (t) => {
  const sizePlan = { name: 'basic', description: '', ramSize: '1Gi', options: { flushInterval: 60 } }
  const on = desire(terms, { ram: Gi, sizePlan, asked: {} })
  t.match(on, { sizePlan: { name: 'basic' }, options: { flushInterval: 60 } })
  const off = desireRam(terms, 2n * Gi, { desired: on, storage: 2n * Gi })
  t.match(off, { sizePlan: null, ramSize: '2Gi', options: { flushInterval: 60 } })
})

t.test('asks for a new pod only where the template differs in more than sizes', async (t) => {
  const from = desire(terms, wish({}))
  const revision = (asked: object, ram?: bigint) =>
    withTemplate('a', from, desire(terms, wish(asked, ram))).templateRevision
  t.equal(revision({ labels: { a: 'b' }, protected: true, service: { port: 9090 } }), 1)
  t.equal(revision({ resources: { limits: { cpu: '4' } } }, 4n * Gi), 1)
  t.equal(revision({ flushInterval: 30 }), 2)
  t.equal(revision({ podLabels: { team: 'a' } }), 2)
})

t.test("gives an Ingress without a host the operator's for this tenant, and leaves any other as it is", async (t) => {
  const policy = {
    ...terms.policy,
    ingressHosts: ['*.{id}.db.example.com', '{id}.db.example.com', '{id}.other.example.com'],
  }
  const hosts = (asked: object, of = policy) =>
    withHost(of, 'user123', desire(terms, wish(asked))).options.ingress.hosts
  const own = [{ host: 'a.user123.db.example.com', paths: [{ path: '/', pathType: 'Prefix' }] }]
  t.match(hosts({ ingress: { enabled: true } }), [{ host: 'user123.db.example.com', paths: [{ path: '/' }] }])
  t.same(hosts({ ingress: { enabled: true, hosts: own } }), own)
  t.same(hosts({ ingress: { enabled: false } }), [])
  t.same(hosts({ ingress: { enabled: false, hosts: own } }), own)
  t.same(hosts({ ingress: { enabled: true } }, { ...policy, ingressHosts: ['*.{id}.example.com'] }), [])
})

t.test("takes the operator's host away with the Ingress: there may be another one by the next time", async (t) => {
  const of = (host: string) => ({ ...terms.policy, ingressHosts: [host] })
  const on = withHost(of('{id}.old.example.com'), 'user123', desire(terms, wish({ ingress: { enabled: true } })))
  const current = { desired: on, storage: 0n }
  const off = withHost(of('{id}.new.example.com'), 'user123', desire(terms, wish({}), current))
  t.same(off.options.ingress.hosts, [])
  const again = desire(terms, wish({ ingress: { enabled: true } }), { desired: off, storage: 0n })
  t.match(withHost(of('{id}.new.example.com'), 'user123', again).options.ingress.hosts, [
    { host: 'user123.new.example.com' },
  ])
})

t.test('restarts nobody for a null that an older record has and a newer one leaves out', async (t) => {
  const from = desire(terms, wish({ tolerations: [{ key: 'a' }] }))
  const old = { ...from, options: { ...from.options, tolerations: [{ key: 'a', value: null as never }] } }
  t.equal(withTemplate('a', old, from).templateRevision, from.templateRevision)
  t.same(optionChanges(old.options, from.options), [])
})

t.test('tells every option that changes, and those that cannot', async (t) => {
  const to = desire(terms, wish({ image: { tag: '2' }, storage: { storageClass: 'fast' }, labels: { a: 'b' } })).options
  t.same(
    optionChanges(DEFAULT_OPTIONS, to).map(({ resource }) => resource),
    ['image.tag', 'storage.storageClass', 'labels'],
  )
  t.match(changedForGood(DEFAULT_OPTIONS, to), [
    { pointer: '/options/storage/storageClass', message: /cannot be changed/ },
  ])
})

t.test("finds the request's field for a field of Kubernetes", async (t) => {
  for (const [kind, field, pointer] of [
    ['Pod', 'spec.tolerations[0].operator', '/options/tolerations/0/operator'],
    ['Pod', 'spec.affinity.nodeAffinity', '/options/affinity/nodeAffinity'],
    ['Pod', 'metadata.labels', '/options/podLabels'],
    ['Pod', 'spec.containers[0].resources.requests', '/options/resources/requests/cpu'],
    ['Service', 'spec.ports[0].port', '/options/service/port'],
    ['NetworkPolicy', 'spec.ingress[0].ports[1].port', '/options/networkPolicy/ingress/0/ports/1/port'],
    ['Ingress', 'spec.rules[0].host', '/options/ingress/hosts/0/host'],
    ['Ingress', 'spec.rules[1].http.paths[0].path', '/options/ingress/hosts/1/paths/0/path'],
    ['Ingress', 'spec.tls[0].hosts[0]', '/options/ingress/tls/0/hosts/0'],
    ['Pod', 'somewhere.else', '/options'],
  ] as const) {
    t.equal(pointerFor(kind, field), pointer)
  }
})
