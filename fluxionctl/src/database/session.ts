import { createInterface, type Interface } from 'node:readline'
import type { Connection } from './connection.ts'

/** Times are the clients': nothing says that they are not ahead, or milliseconds. */
const LATEST = Number.MAX_SAFE_INTEGER
const LAST_DATE = 8.64e15

type Timed = { ts: number; data: string }
/** What a line may say: how it is written, and what it does. */
type Verb = { usage: string; words: number; run: (database: Connection, words: string[]) => Promise<string[]> }

const VERBS: Record<string, Verb> = {
  insert: {
    usage: 'insert COLLECTION DOCUMENT DATA   a record, at this moment',
    words: 3,
    run: async (database, [col, doc, data]) => {
      await database.ask('ins', [{ ts: Date.now(), col, doc, data }])
      return ['inserted']
    },
  },
  query: {
    usage: 'query COLLECTION                  the newest record of each document',
    words: 1,
    run: async (database, [col]) => {
      const { records } = await database.ask('qry', { col, ts: LATEST })
      return Object.entries(records as Record<string, Timed>).map(([doc, record]) => `${doc}\t${lineOf(record)}`)
    },
  },
  history: {
    usage: 'history COLLECTION DOCUMENT       the newest hundred records of a document',
    words: 2,
    run: async (database, [col, doc]) => {
      const range = { from: 0, to: LATEST, limit: 100, reverse: true }
      const { records } = await database.ask('qdoc', { col, doc, ...range })
      return (records as Timed[]).map(lineOf)
    },
  },
  collections: {
    usage: 'collections                       their names',
    words: 0,
    run: async (database) => (await database.ask('cols', {})).collections as string[],
  },
  help: {
    usage: 'help                              this list; exit or Ctrl-D ends',
    words: 0,
    run: async () => Object.values(VERBS).map(({ usage }) => usage),
  },
}

const lineOf = ({ ts, data }: Timed) => `${ts <= LAST_DATE ? new Date(ts).toISOString() : ts}\t${data}`

/**
 * Does what each line says until there are no more. At a terminal a line that fails is told and the next one asked for; of a script
 * it is the end.
 * @throws Error of a script's line
 */
export async function session(database: Connection, userId: string): Promise<void> {
  const isTerminal = process.stdin.isTTY === true
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: isTerminal, completer })
  if (isTerminal) console.log(`Connected to ${userId}. help says what there is.`)
  const ask = () => isTerminal && prompt(lines, userId)
  ask()
  for await (const line of lines) {
    if (line.trim() === 'exit') return lines.close()
    try {
      for (const told of await done(database, line)) console.log(told)
    } catch (error) {
      if (!isTerminal) throw error
      console.error((error as Error).message)
    }
    ask()
  }
}

function prompt(lines: Interface, userId: string): void {
  lines.setPrompt(`${userId}> `)
  lines.prompt()
}

async function done(database: Connection, line: string): Promise<string[]> {
  const [name = '', ...words] = wordsOf(line)
  if (name === '') return []
  const verb = VERBS[name]
  if (!verb) throw new Error(`There is no ${name} here; there are: ${Object.keys(VERBS).join(', ')}, exit.`)
  if (words.length < verb.words) throw new Error(`It is: ${verb.usage}`)
  // Data may hold blanks.
  const last = Math.max(0, verb.words - 1)
  return verb.run(database, [...words.slice(0, last), words.slice(last).join(' ')])
}

/** Names with blanks stand in quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"(?=\s|$)|\S+/g)].map(([word, quoted]) =>
    quoted === undefined ? word : quoted.replace(/\\(.)/g, '$1'),
  )
}

function completer(line: string): [string[], string] {
  return [[...Object.keys(VERBS), 'exit'].filter((name) => name.startsWith(line)), line]
}
