import { text as textOf } from 'node:stream/consumers'
import { createClient, unwrap } from '@fluxiondb/provisioner-client'
import { password } from '@inquirer/prompts'
import type { Command } from 'commander'
import { contextsFile, readContexts, trimmed, writeContexts } from '../contexts.ts'
import { print } from '../output.ts'
import { UsageError } from '../usage-error.ts'

export function addContexts(program: Command): void {
  program
    .command('login <url>')
    .description('remember a service and a credential, which is asked for, or read from a pipe; never an argument')
    .option('--name <name>', 'what to call it', 'default')
    .action(async (url: string, { name }: { name: string }) => {
      if (!/^https?:\/\//.test(url)) throw new UsageError(`${url} is no address: it begins with https:// or http://.`)
      const credential = await credentialFrom()
      const context = { url: trimmed(url), credential }
      // A credential may be bound to a tenant, and still list.
      await unwrap(
        createClient(context.url, credential, { patienceSeconds: 5 }).GET('/tenants', {
          params: { query: { limit: 1 } },
        }),
      )
      const { contexts } = readContexts()
      writeContexts({ current: name, contexts: { ...contexts, [name]: context } })
      console.log(`Logged in to ${context.url} as context ${name} (${contextsFile()}).`)
    })

  program
    .command('logout')
    .description('forget a context and its credential')
    .argument('[name]', 'the current one if left out')
    .action((name: string | undefined) => {
      const { current, contexts } = readContexts()
      const gone = name ?? current
      if (gone === null || !(gone in contexts)) throw new UsageError(`There is no context ${gone ?? 'yet'}.`)
      const { [gone]: _, ...left } = contexts
      writeContexts({ current: current === gone ? (Object.keys(left)[0] ?? null) : current, contexts: left })
      console.log(`Forgot the context ${gone}.`)
    })

  program
    .command('contexts')
    .description('list what was logged in to; with a name, use that one from now on')
    .argument('[name]')
    .action((name: string | undefined) => {
      const known = readContexts()
      if (name !== undefined) {
        if (!(name in known.contexts)) throw new UsageError(`There is no context ${name}.`)
        writeContexts({ ...known, current: name })
      }
      const current = name ?? known.current
      print(Object.entries(known.contexts), [
        { title: '', of: ([context]) => (context === current ? '*' : '') },
        { title: 'NAME', of: ([context]) => context },
        { title: 'URL', of: ([, { url }]) => url },
      ])
    })
}

async function credentialFrom(): Promise<string> {
  const credential = process.stdin.isTTY ? await password({ message: 'Credential' }) : await textOf(process.stdin)
  if (credential.trim() === '') throw new UsageError('The credential is empty: type it, or send it by a pipe.')
  return credential.trim()
}
