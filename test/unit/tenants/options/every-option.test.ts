import t from 'tap'
import { OptionsSchema } from '../../../../src/manifests/options.ts'
import { parsePolicy } from '../../../../src/policy/policy.ts'
import { EVERYTHING_OPEN, OPTION_CHANGES } from '../../../fixtures/option-changes.ts'

/** The paths of all options that are no groups of options. */
function leavesOf(schema: object, path: readonly string[] = []): string[] {
  const { properties = {} } = schema as { properties?: { [key: string]: object } }
  const fields = Object.entries(properties)
  if (fields.length === 0) return [path.join('.')]
  return fields.flatMap(([key, field]) => leavesOf(field, [...path, key]))
}

t.test('every option has other values that a live tenant is asked for', async (t) => {
  t.strictSame(Object.keys(OPTION_CHANGES).sort(), leavesOf(OptionsSchema).sort())
  const on = { userId: 'user123', otherImage: { repository: 'other', tag: '2' } }
  for (const [path, { values }] of Object.entries(OPTION_CHANGES)) t.ok(values(on).length > 0, path)
  t.doesNotThrow(() => parsePolicy(EVERYTHING_OPEN))
})
