/** What goes to the database and comes back. Times are the caller's: the database only compares them. */
export type DataRecord = { col: string; doc: string; ts: number; data: string }

export type TimedValue = { ts: number; data: string }

/** By document. */
export type Latest = Record<string, TimedValue>

/** `where` and `filter` (its opposite) look into the data: a part of it, or `/expression/flags`. */
type Selection = { where?: string; filter?: string }

/** `doc` is one document or `/expression/flags`, absent for all. `ts` is the latest time that counts. */
export type LatestQuery = { col: string; doc?: string; ts?: number; from?: number } & Selection

export type TimeRange = {
  col: string
  doc: string
  from?: number
  to?: number
  limit?: number
  reverse?: boolean
} & Selection

export type Scope = 'readonly' | 'read_write' | 'read_write_delete'

export type ApiKey = { key: string; scope: Scope; deletable: boolean }

/** What a stand-in tells about itself. */
export type StandInInfo = {
  startedAt: string
  hostname: string
  heldBytes: number
  records: number
  /** Those that a SIGKILL now would lose. */
  unsavedRecords: number
  flushes: number
  /** How often in its whole life two instances had the data folder at once. */
  overlaps: number
  /** Whether this instance has its data folder for itself now. */
  alone: boolean
  /** The container's limit at this moment, null without one. */
  memoryLimitBytes: number | null
}
