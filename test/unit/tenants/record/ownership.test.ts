import t from 'tap'
import { annotations } from '../../../../src/manifests/labels.ts'
import {
  committedBy,
  isTombstone,
  ownerAnnotation,
  tombstoneAnnotation,
} from '../../../../src/tenants/record/ownership.ts'
import { anOperation } from '../../../helpers/observed.ts'

const written = (value: string) => ({ [annotations.operation]: value })

t.test('tells from a Secret whose create made the tenant', async (t) => {
  const operation = anOperation({ generatedKey: true, idempotency: { key: 'hash', request: 'hash' } })
  t.strictSame(committedBy(written(ownerAnnotation(operation))), operation)
})

t.test('takes a tombstone for no create, and a create for no tombstone', async (t) => {
  t.equal(committedBy(written(tombstoneAnnotation('2026-01-01T00:00:00.000Z'))), undefined)
  t.equal(isTombstone(written(tombstoneAnnotation('2026-01-01T00:00:00.000Z'))), true)
  t.equal(isTombstone(written(ownerAnnotation(anOperation()))), false)
})

t.test('tells nothing from a Secret that is missing or of another hand', async (t) => {
  for (const seen of [undefined, {}, { 'example.com/x': 'y' }]) {
    t.equal(committedBy(seen), undefined)
    t.equal(isTombstone(seen), false)
  }
})
