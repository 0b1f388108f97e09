import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../../src/manifests/options.ts'
import { parsePolicy } from '../../../../src/policy/policy.ts'
import { notListed } from '../../../../src/tenants/options/allowed.ts'
import { overlay } from '../../../../src/tenants/options/settle.ts'

const DIGEST = `sha256:${'0f'.repeat(32)}`

/** Whether an operator who lists such images allows this one. */
function allows(pattern: string, image: { repository?: string; tag: string }): boolean {
  const policy = parsePolicy(JSON.stringify({ images: [pattern] }))
  const asked = { image: { repository: 'registry:5000/a', ...image } }
  return notListed(policy, 'user123', asked, overlay(DEFAULT_OPTIONS, asked), DEFAULT_OPTIONS).length === 0
}

t.test('holds the patterns of images against the whole reference', async (t) => {
  t.ok(allows('registry:5000/a:1.*', { tag: '1.4.2' }))
  t.notOk(allows('registry:5000/a:1.*', { tag: '2' }))
  t.ok(allows('registry:5000/a@*', { tag: DIGEST }))
  t.notOk(allows('registry:5000/a:*', { tag: DIGEST }), 'a digest alone is no tag')
})

t.test('allows a tag with a digest where the digest is allowed, as it says what runs', async (t) => {
  const tag = `1.4.2@${DIGEST}`
  for (const pattern of [
    `registry:5000/a:1.4.2@${DIGEST}`,
    'registry:5000/a:1.*@sha256:*',
    `registry:5000/a@${DIGEST}`,
    'registry:5000/a@*',
    'registry:5000/a:*',
    'registry:5000/*',
    '*',
  ]) {
    t.ok(allows(pattern, { tag }), pattern)
  }
  for (const pattern of [
    'registry:5000/a:1.4.2',
    'registry:5000/a:1.*',
    'registry:5000/a:1.4.2*',
    `registry:5000/a:1.4.2@sha256:${'f0'.repeat(32)}`,
    'registry:5000/b@*',
  ]) {
    t.notOk(allows(pattern, { tag }), pattern)
  }
  const split = { repository: 'registry:5000/a:1.4.2', tag: DIGEST }
  t.notOk(allows('registry:5000/a:1.*', split), 'nor where the tag stands in the repository')
})
