import { hashOf, type Line } from './trail.ts'

/** One process's part of a trail. `head`: the hash of its last line, to be kept elsewhere: what is cut off at the end shows by it alone. */
export type Chain = { chain: string; entries: number; from: string; to: string; head: string }
/** What is wrong, by the number of the line (from 1). */
export type Fault = { line: number; what: string }

type State = { number: number; found: Chain }

/** Follows a trail, line by line. Lines of others, such as those of the log, are left out. */
export async function verifyTrail(lines: AsyncIterable<string>): Promise<{ chains: Chain[]; faults: Fault[] }> {
  const states = new Map<string, State>()
  const faults: Fault[] = []
  let lastHash: string | null = null
  let line = 0
  for await (const text of lines) {
    line++
    const told = read(text)
    if (told === undefined) continue
    if (told === 'damaged') {
      faults.push({ line, what: 'cannot be read' })
      continue
    }
    const { audit, hash } = told
    const state = states.get(audit.chain)
    const what = state ? follows(state, told) : begins(told, lastHash)
    if (what !== undefined) faults.push({ line, what })
    const { chain, number, time } = audit
    const found = state?.found ?? { chain, entries: 0, from: time, to: time, head: '' }
    states.set(chain, { number, found: { ...found, entries: found.entries + 1, to: time, head: hash } })
    lastHash = hash
  }
  return { chains: [...states.values()].map(({ found }) => found), faults }
}

function read(text: string): Line | 'damaged' | undefined {
  if (!text.includes('"audit"')) return undefined
  try {
    const line: Line = JSON.parse(text)
    if (line.msg !== 'audit') return undefined
    return typeof line.audit?.chain === 'string' && Number.isInteger(line.audit.number) ? line : 'damaged'
  } catch {
    return 'damaged'
  }
}

/** @returns what is wrong with the first line of a chain */
function begins({ audit, hash }: Line, lastHash: string | null): string | undefined {
  if (audit.number !== 1) return missing(audit.chain, 1, audit.number - 1)
  if (hashOf('', audit) !== hash) return `entry 1 of chain ${audit.chain} was changed`
  if (audit.after && audit.after !== lastHash) return `what came before chain ${audit.chain} is not what it was`
  return undefined
}

/** @returns what is wrong with a line beside the one before it */
function follows({ number, found: { head } }: State, { audit, hash }: Line): string | undefined {
  const { chain } = audit
  if (audit.number <= number) return `entry ${audit.number} of chain ${chain} is out of its place`
  if (audit.number > number + 1) return missing(chain, number + 1, audit.number - 1)
  return hashOf(head, audit) === hash ? undefined : `entry ${audit.number} of chain ${chain} was changed`
}

function missing(chain: string, from: number, to: number): string {
  return from === to
    ? `entry ${from} of chain ${chain} is missing`
    : `entries ${from} to ${to} of chain ${chain} are missing`
}
