import { unwrap } from '@fluxiondb/provisioner-client'
import type { Command } from 'commander'
import { clientOf } from '../contexts.ts'
import { age, bytes, type Format, outputOption, print, wholeNumber } from '../output.ts'

type LogOptions = { tail: number; since?: number; previous?: boolean; follow?: boolean }

export function addInsight(program: Command): void {
  program
    .command('diagnose <id>')
    .description('say what is wrong with a tenant, by what that is known, and what to do; 1 if something is')
    .action(async (id: string, _options: object, command: Command) => {
      const { healthy, findings, state, notSeen } = await unwrap(
        clientOf(command).GET('/tenants/{id}/diagnosis', { params: { path: { id } } }),
      )
      if (healthy) console.log(`${id} is ${state}, and nothing is found to be wrong.`)
      for (const { cause, message, evidence, action } of findings) {
        console.log([`${cause}: ${message}`, ...evidence.map((line) => `  ${line}`), `  -> ${action}`].join('\n'))
      }
      if (notSeen.length > 0) console.error(`Not looked at: ${notSeen.join(', ')}.`)
      if (!healthy) process.exitCode = 1
    })

  program
    .command('logs <id>')
    .description('print what a database has written')
    .option('--tail <lines>', 'the last lines', wholeNumber, 100)
    .option('--since <seconds>', 'of the last seconds only', wholeNumber)
    .option('-p, --previous', 'of the container that ran before')
    .option('-f, --follow', 'go on')
    .action(async (id: string, { tail, since, previous, follow }: LogOptions, command: Command) => {
      const query = { tail, ...(since && { since }), ...(previous && { previous }), ...(follow && { follow }) }
      const answer = await clientOf(command).GET('/tenants/{id}/logs', {
        params: { path: { id }, query },
        parseAs: 'stream',
      })
      const body = await unwrap(Promise.resolve(answer))
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) process.stdout.write(chunk)
    })

  program
    .command('events <id>')
    .description('list what Kubernetes says has happened, newest first')
    .addOption(outputOption())
    .action(async (id: string, { output }: { output: Format }, command: Command) => {
      const { items } = await unwrap(clientOf(command).GET('/tenants/{id}/events', { params: { path: { id } } }))
      print(
        items,
        [
          { title: 'AGE', of: ({ lastAt }) => age(lastAt) },
          { title: 'TYPE', of: ({ type }) => type },
          { title: 'REASON', of: ({ reason }) => reason },
          { title: 'OBJECT', of: ({ object }) => object },
          { title: 'COUNT', of: ({ count }) => count },
          { title: 'MESSAGE', of: ({ message }) => message },
        ],
        { output },
      )
    })

  program
    .command('usage <id>')
    .description('show what a database uses of what it has')
    .action(async (id: string, _options: object, command: Command) => {
      const path = { id }
      const usage = await unwrap(clientOf(command).GET('/tenants/{id}/usage', { params: { path } }))
      const { memory, cpu, volume, restarts, lastEnd, unknown } = usage
      const cores = (value: number | null) => (value === null ? '-' : `${value}m`)
      console.log(`memory    ${bytes(memory.used)} of ${bytes(memory.limit)}`)
      console.log(`cpu       ${cores(cpu.used)} of ${cores(cpu.limit)}`)
      console.log(`volume    ${bytes(volume.used)} of ${bytes(volume.size)}`)
      console.log(`restarts  ${restarts}${lastEnd ? `, last ended: ${lastEnd.reason}, ${age(lastEnd.at)} ago` : ''}`)
      for (const { what, why } of unknown) console.error(`${what} is not known: ${why}`)
    })
}
