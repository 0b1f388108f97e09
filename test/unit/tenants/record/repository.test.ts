import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import { renderNamespace } from '../../../../src/manifests/namespace.ts'
import { specOf, withParsedRecord } from '../../../../src/tenants/record/repository.ts'
import { UnreadableSpecError } from '../../../../src/tenants/record/spec.ts'
import { aSpec } from '../../../helpers/observed.ts'

t.test('a namespace is kept with its record and without the text of it', async (t) => {
  const live = renderNamespace('user123', JSON.stringify(aSpec()))
  live.metadata!.annotations!.note = 'of another hand'
  const kept = withParsedRecord(live)
  t.same(kept.metadata?.annotations, { note: 'of another hand' })
  t.same(kept.metadata?.labels, live.metadata?.labels)
  t.same(specOf(kept), aSpec())
  t.ok(live.metadata?.annotations?.[annotations.spec], 'what was given stays as it is')
})

t.test('one whose record cannot be read keeps its text, and one without a record stays as it is', async (t) => {
  const broken = renderNamespace('user123', '{"userId": 7}')
  t.equal(withParsedRecord(broken), broken)
  t.throws(() => specOf(withParsedRecord(broken)), UnreadableSpecError)
  const plain = { metadata: { name: 'fluxiondb-user123' } }
  t.equal(withParsedRecord(plain), plain)
})

t.test('what last worked is kept once if it is what is desired', async (t) => {
  const { desired } = aSpec()
  const parsedOf = (previous: typeof desired | null) =>
    specOf(renderNamespace('user123', JSON.stringify(aSpec({ previous }))))
  t.equal(parsedOf(null).previous, null)
  const worked = parsedOf(desired)
  t.equal(worked.previous, worked.desired, 'also behind a tenant of which nothing has worked yet')
  const other = parsedOf({ ...desired, ramSize: '3Gi' })
  t.match([other.previous?.ramSize, other.desired.ramSize], ['3Gi', desired.ramSize])
  t.equal(other.previous?.options, other.desired.options)
})
