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
