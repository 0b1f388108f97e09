import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { type Chain, verifyTrail } from '../audit/verify.ts'
import type { CommandContext } from '../cli.ts'
import { printTable } from './table.ts'
import { UsageError } from './usage.ts'

export function addAudit(program: Command, { end }: CommandContext): void {
  const audit = program.command('audit').description('the trail of who changed what')
  audit
    .command('verify <file>')
    .description('say whether anything in a trail was changed, taken out or put in; - is the standard input')
    .action(async (file: string) => {
      const input = file === '-' ? process.stdin : createReadStream(file)
      const { chains, faults } = await verifyTrail(linesOf(input)).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new UsageError(`There is no file ${file}.`) : error
      })
      if (chains.length === 0) throw new UsageError(`There is no audit in ${file}.`)
      printTable(['CHAIN', 'ENTRIES', 'FROM', 'TO', 'HEAD'], chains.map(rowOf))
      for (const { line, what } of faults) console.error(`line ${line}: ${what}`)
      if (faults.length === 0) console.log('Nothing was changed.')
      end(faults.length === 0 ? 0 : 1)
    })
}

const rowOf = ({ chain, entries, from, to, head }: Chain) => [chain, String(entries), from, to, head]

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
}
