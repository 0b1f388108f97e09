import { Value } from '@sinclair/typebox/value'
import fc from 'fast-check'
import t from 'tap'
import { IMAGE_REFERENCE, imageFrom, imageOf, OptionsSchema } from '../../../src/manifests/options.ts'

const DIGEST = `sha256:${'0f'.repeat(32)}`
const takes = (tag: string) => Value.Check(OptionsSchema.properties.image.properties.tag, tag)

t.test('reads an image reference: a port is no tag, and a tag may have a digest', async (t) => {
  for (const [reference, repository, tag] of [
    ['a/b:1', 'a/b', '1'],
    ['a', 'a', 'latest'],
    ['host:5000/a', 'host:5000/a', 'latest'],
    ['host:5000/a/b:x', 'host:5000/a/b', 'x'],
    [`a@${DIGEST}`, 'a', DIGEST],
    [`host:5000/a@${DIGEST}`, 'host:5000/a', DIGEST],
    [`a:1.4.2@${DIGEST}`, 'a', `1.4.2@${DIGEST}`],
    [`host:5000/a:1.4.2@${DIGEST}`, 'host:5000/a', `1.4.2@${DIGEST}`],
    [`[::1]:5000/a:1@${DIGEST}`, '[::1]:5000/a', `1@${DIGEST}`],
  ] as const) {
    t.strictSame(imageFrom(reference), { repository, tag }, reference)
    t.match(reference, new RegExp(IMAGE_REFERENCE))
    t.ok(takes(tag), `the option takes ${tag}`)
  }
})

t.test('writes what it has read, whatever the reference', async (t) => {
  const word = fc.stringMatching(/^[a-z0-9]([a-z0-9_.-]{0,8}[a-z0-9])?$/)
  const host = fc.tuple(word, fc.option(fc.integer({ min: 1, max: 65535 })), fc.constant('/'))
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/)
  const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
  fc.assert(
    fc.property(fc.option(host), fc.array(word, { minLength: 1 }), fc.option(tag), fc.option(digest), (...parts) => {
      const [host, path, tag, digest] = parts
      const registry = host ? `${host[0]}${host[1] === null ? '' : `:${host[1]}`}/` : ''
      const end = `${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@sha256:${digest}`}`
      const reference = `${registry}${path.join('/')}${end}`
      const written = imageOf(imageFrom(reference))
      return written === (end === '' ? `${reference}:latest` : reference) && takes(imageFrom(reference).tag)
    }),
  )
  t.end()
})

t.test('takes a tag, a digest or both as an option, and nothing else', async (t) => {
  for (const tag of ['1', '1e3', '_', 'a'.repeat(128), DIGEST, `1@${DIGEST}`, `${'a'.repeat(128)}@${DIGEST}`]) {
    t.ok(takes(tag), tag)
  }
  for (const tag of [
    '',
    '.1',
    'a:1',
    'a b',
    'a'.repeat(129),
    'sha256:0f',
    '1@',
    '1@sha256:0f',
    `@${DIGEST}`,
    `1@${DIGEST}0`,
    `${DIGEST}@${DIGEST}`,
    `1@${DIGEST.toUpperCase()}`,
    `1@md5:${'0'.repeat(64)}`,
  ]) {
    t.notOk(takes(tag), tag)
  }
})
