import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { AuditTrail, type Entry } from '../../../src/audit/trail.ts'
import { verifyTrail } from '../../../src/audit/verify.ts'

const ENTRY: Entry = {
  credential: 'abcd',
  action: 'POST /tenants',
  tenant: 'user123',
  status: 202,
  aborted: false,
  requestId: '1',
}

/** Lines of a trail with so many entries. */
function trailOf(entries: number): string[] {
  const lines: string[] = []
  const trail = new AuditTrail({ write: (line) => lines.push(line.trimEnd()) })
  for (let status = 200; status < 200 + entries; status++) trail.record({ ...ENTRY, status })
  return lines
}

async function faultsOf(lines: readonly string[]): Promise<string[]> {
  const { faults } = await verifyTrail(
    (async function* () {
      yield* lines
    })(),
  )
  return faults.map(({ line, what }) => `${line}: ${what.replace(/[0-9a-f-]{36}/, 'C')}`)
}

t.test('is whole as it was written, among lines of a log and of another process', async (t) => {
  const [one, other] = [trailOf(3), trailOf(2)]
  t.strictSame(await faultsOf([one[0]!, '{"msg":"the service listens"}', other[0]!, one[1]!, other[1]!, one[2]!]), [])
})

t.test('shows a line that was changed, taken out, put in or moved', async (t) => {
  const [a, b, c, d] = trailOf(4) as [string, string, string, string]
  t.strictSame(await faultsOf([a, b.replace('"status":201', '"status":403'), c, d]), [
    '2: entry 2 of chain C was changed',
  ])
  t.strictSame(await faultsOf([a, c, d]), ['2: entry 2 of chain C is missing'])
  t.strictSame(await faultsOf([a, d]), ['2: entries 2 to 3 of chain C are missing'])
  t.strictSame(await faultsOf([b, c, d]), ['1: entry 1 of chain C is missing'])
  t.match(await faultsOf([a, b, b, c, d]), ['3: entry 2 of chain C is out of its place'])
  t.match(await faultsOf([a, c, b, d]), [
    '2: entry 2 of chain C is missing',
    '3: entry 2 of chain C is out of its place',
  ])
  t.strictSame(await faultsOf([a, b, c.slice(0, 80), d]), ['3: cannot be read', '4: entry 3 of chain C is missing'])
  const forged = JSON.parse(c)
  forged.audit.tenant = 'another'
  t.strictSame(await faultsOf([a, b, JSON.stringify(forged), d]), ['3: entry 3 of chain C was changed'])
})

t.test('goes on in its file after a restart, and shows that what came before was replaced', async (t) => {
  const file = join(t.testdir(), 'audit.jsonl')
  for (let process = 0; process < 3; process++) {
    const trail = AuditTrail.open(file, {} as never)
    trail.record(ENTRY)
    trail.record(ENTRY)
  }
  t.equal(statSync(file).mode & 0o777, 0o600)
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  t.equal(lines.length, 6)
  t.strictSame(await faultsOf(lines), [])
  const [, , , , ...last] = lines
  t.strictSame(await faultsOf([...lines.slice(0, 2), ...last]), ['3: what came before chain C is not what it was'])
})

t.test('goes on behind a line that was cut off, which alone cannot be read', async (t) => {
  const file = join(t.testdir(), 'audit.jsonl')
  AuditTrail.open(file, {} as never).record(ENTRY)
  appendFileSync(file, '{"msg":"audit","audit":{"time":')
  AuditTrail.open(file, {} as never).record(ENTRY)
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  t.equal(lines.length, 3)
  t.strictSame(await faultsOf(lines), ['2: cannot be read'])
})
