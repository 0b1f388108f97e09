import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createLogger } from '../../../src/logger.ts'
import { DEFAULT_POLICY, matches, parsePolicy } from '../../../src/policy/policy.ts'
import { PolicyStore } from '../../../src/policy/store.ts'
import { namedIn, notPermitted } from '../../../src/tenants/options/allowed.ts'

const HOST = '{"host":"db.example.com","paths":[{"path":"/","pathType":"Prefix"}]}'

t.test('opens labels, description and plan, and nothing else, unless the operator says so', async (t) => {
  t.strictSame(DEFAULT_POLICY.options, { write: ['labels', 'description', 'plan'] })
  const refused = (scopes: string[], named: string[]) => notPermitted(DEFAULT_POLICY, new Set(scopes), named)
  t.same(refused(['write'], ['labels', 'description', 'plan']), [])
  t.same(refused(['admin'], ['labels']), [])
  t.match(refused(['write', 'admin'], ['image.tag']), [{ pointer: '/options/image/tag' }])
  t.match(refused(['read'], ['labels', 'plan']), [{ pointer: '/options/labels' }, { pointer: '/plan' }])
})

t.test('opens a group, a member of it, or all to a scope', async (t) => {
  const policy = parsePolicy('{"options":{"write":["image.tag"],"admin":["*"],"resize":["storage"]}}')
  const isOpen = (scope: string, name: string) => notPermitted(policy, new Set([scope]), [name]).length === 0
  t.ok(isOpen('write', 'image.tag'))
  t.notOk(isOpen('write', 'image.repository'))
  t.ok(isOpen('resize', 'storage.size'))
  t.ok(isOpen('admin', 'affinity'))
})

t.test('names the members of groups', async (t) => {
  t.same(namedIn({ image: { tag: '1' }, labels: { a: 'b' }, ingress: null }), ['image.tag', 'labels', 'ingress'])
})

t.test('says which field of a policy is wrong', async (t) => {
  for (const [text, message] of [
    ['{', /is not JSON/],
    ['{"imagess":[]}', /\/imagess/],
    ['{"ingressHosts":["db.example.com"]}', /\/ingressHosts\/0/],
    ['{"ingressHosts":["{id}.db.example.com","{id}-*.example.com"]}', /\/ingressHosts\/1: .*same host/],
    [`{"defaults":{"ingress":{"hosts":[${HOST}]}}}`, /\/defaults\/ingress\/hosts: all tenants would share/],
    [
      `{"plans":[{"name":"a","ramSize":"1Gi","options":{"ingress":{"hosts":[${HOST}]}}}]}`,
      /\/plans\/0\/options\/ingress\/hosts/,
    ],
    ['{"defaults":{"image":{"tagg":"1"}}}', /\/defaults\/image\/tagg/],
    ['{"plans":[{"name":"a","ramSize":"much"}]}', /\/plans\/0\/ramSize/],
    ['{"plans":[{"name":"a","ramSize":"1Gi"},{"name":"a","ramSize":"2Gi"}]}', /two plans "a"/],
  ] as const) {
    t.throws(() => parsePolicy(text), { name: 'PolicyError', message })
  }
})

t.test('takes a star for any text, and no other sign', async (t) => {
  t.ok(matches(['a/*:1.*'], 'a/b:1.2'))
  t.notOk(matches(['a.b'], 'axb'))
})

t.test('reads a file, and nothing without one', async (t) => {
  const log = createLogger('silent')
  t.equal((await PolicyStore.open('', log)).current, DEFAULT_POLICY)
  const file = join(t.testdir(), 'policy.json')
  writeFileSync(file, '{"maxTenants":3}')
  const store = await PolicyStore.open(file, log)
  t.equal(store.current.maxTenants, 3)
  store.watch()
  store.close()
  await t.rejects(PolicyStore.open(`${file}.none`, log), { code: 'ENOENT' })
})
