import { type BilledUsage, type BilledUsageList, unwrap } from '@fluxiondb/provisioner-client'
import type { Command } from 'commander'
import { clientOf } from '../contexts.ts'
import { type Format, outputOption, print } from '../output.ts'

type BillOptions = { from?: string; to?: string; output: Format; csv?: boolean }

export function addBilling(program: Command): void {
  program
    .command('bill')
    .description('list what tenants were given, for a bill: of this month, or of another span')
    .option('--from <time>', 'beginning of the span, such as 2026-01-01T00:00:00Z')
    .option('--to <time>', 'its end, which is not in it')
    .option('--csv', 'as CSV, which is not kept in memory')
    .addOption(outputOption())
    .action(async ({ from, to, output, csv }: BillOptions, command: Command) => {
      const span = { ...(from && { from }), ...(to && { to }) }
      if (csv) return printCsv(command, span)
      const rows: BilledUsage[] = []
      for await (const row of eachRow(command, span)) rows.push(row)
      print(
        rows,
        [
          { title: 'ID', of: ({ userId }) => userId },
          { title: 'RAM GIB-HOURS', of: ({ ramGibHours }) => ramGibHours.toFixed(3) },
          { title: 'STORAGE GIB-HOURS', of: ({ storageGibHours }) => storageGibHours.toFixed(3) },
          { title: 'RUNNING HOURS', of: ({ runningHours }) => runningHours.toFixed(3) },
          { title: 'PURGED', of: ({ purged }) => (purged ? 'yes' : 'no') },
          { title: 'KNOWN SINCE', of: ({ since }) => since, wide: true },
        ],
        { output },
      )
    })
}

type Span = { from?: string; to?: string }

async function* eachRow(command: Command, span: Span): AsyncGenerator<BilledUsage> {
  let query: Span & { cursor?: string } = span
  while (true) {
    const page: BilledUsageList = await unwrap(clientOf(command).GET('/usage', { params: { query } }))
    yield* page.items
    if (page.nextCursor === null) return
    // Of one span, though it ends now, and now is later for each page.
    query = { from: page.from, to: page.to, cursor: page.nextCursor }
  }
}

async function printCsv(command: Command, query: Span): Promise<void> {
  const answer = await clientOf(command).GET('/usage.csv', { params: { query }, parseAs: 'stream' })
  const body = await unwrap(Promise.resolve(answer))
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) process.stdout.write(chunk)
}
