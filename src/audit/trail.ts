import { createHash, randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import { now } from '../clock.ts'

export type Sizes = { ramSize: string; storageSize: string }

/** Who asked for what, and how it ended. Holds no values but sizes. */
export type Entry = {
  credential: string | null
  action: string
  tenant: string | null
  /** Null: there was no tenant before, or is none after; undefined: nothing was written. */
  sizes?: { before: Sizes | null; after: Sizes | null }
  status: number
  aborted: boolean
  requestId: string
}

/**
 * An entry in its place: the number of it in a chain, which is that of one process. `after`: the hash with which the file ended when
 * the chain began; null: it was empty, or is none of ours.
 */
export type Link = Entry & { time: string; chain: string; number: number; after?: string | null }

/** One line of the trail. */
export type Line = { msg: 'audit'; audit: Link; hash: string }

const END_BYTES = 64 * 1024

type Sink = { write: (line: string) => unknown }

/** JSON lines in which each holds a hash of all before it, so that none can be changed, taken out or put in unnoticed. */
export class AuditTrail {
  readonly #sink: Sink
  readonly #chain = randomUUID()
  readonly #after: string | null
  #number = 0
  #head = ''

  constructor(sink: Sink, after: string | null = null) {
    this.#sink = sink
    this.#after = after
  }

  /**
   * @param file goes on with it if it is there; empty: the standard output, whatever the level of the log
   * @throws Error if the file cannot be opened
   */
  static open(file: string, log: FastifyBaseLogger): AuditTrail {
    if (file === '') return new AuditTrail(pino.destination({ sync: true }))
    const end = endOf(file)
    const sink = pino.destination({ dest: file, sync: true, append: true, mode: 0o600 })
    sink.on('error', (error) => log.error({ err: error, file }, 'the audit cannot be written'))
    // What was cut off in the middle of a line shows as a line that cannot be read, and no other is lost by it.
    if (end !== '' && !end.endsWith('\n')) sink.write('\n')
    return new AuditTrail(sink, lastHashIn(end))
  }

  record(entry: Entry): void {
    const place = { time: now(), chain: this.#chain, number: ++this.#number }
    const audit: Link = { ...place, ...(place.number === 1 ? { after: this.#after } : {}), ...entry }
    this.#head = hashOf(this.#head, audit)
    this.#sink.write(`${JSON.stringify({ msg: 'audit', audit, hash: this.#head } satisfies Line)}\n`)
  }
}

/** @param previous the hash of the line before; empty for the first */
export function hashOf(previous: string, link: Link): string {
  return createHash('sha256')
    .update(`${previous}\n${JSON.stringify(link)}`)
    .digest('hex')
}

/** The last bytes of a file, more than a line has; empty: it is not there, or nothing that keeps what was written, as a pipe. */
function endOf(file: string): string {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return ''
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const end = Buffer.alloc(Math.min(size, END_BYTES))
    readSync(descriptor, end, 0, end.length, size - end.length)
    return end.toString()
  } finally {
    closeSync(descriptor)
  }
}

function lastHashIn(text: string): string | null {
  const hashes = [...text.matchAll(/"hash":"([0-9a-f]{64})"\}$/gm)]
  return hashes.at(-1)?.[1] ?? null
}
