import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Entry, newCredential } from '../src/credentials/credential.ts'
import type { Scope } from '../src/credentials/identity.ts'
import type { ServiceAccount } from '../src/credentials/store.ts'

const LAUNCHER = fileURLToPath(new URL('../bin/fluxiondb-provisioner.mjs', import.meta.url))

export type Service = {
  address: string
  /** A credential with the scope admin. */
  key: string
  /** Every line that it has logged, up to now. */
  log: readonly string[]
  process: ChildProcess
  /** Makes one more credential; the service learns of it within seconds. */
  addCredential(entry: Omit<Entry, 'id' | 'sha256'>): Promise<string>
  /** Ends it, by SIGTERM unless another signal is named, and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/**
 * Runs the service as its users do, as a process of its own that is told everything by its environment.
 * @param settings by the names of its environment variables
 * @param credentials entries besides the admin's
 * @param serviceAccounts what those of the cluster may do
 * @throws with the log, if it ends before it listens
 */
export async function startService(
  settings: Record<string, string>,
  { credentials = [], serviceAccounts = [] }: { credentials?: Entry[]; serviceAccounts?: ServiceAccount[] } = {},
): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'fluxiondb-provisioner-'))
  const file = join(folder, 'keys.json')
  const admin = newCredential({ name: 'admin', scopes: ['admin' satisfies Scope] })
  const entries = [admin.entry, ...credentials]
  const save = () => writeFile(file, JSON.stringify({ keys: entries, serviceAccounts }), { mode: 0o600 })
  await save()

  const child = spawn(process.execPath, [LAUNCHER, 'serve'], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      HOST: '127.0.0.1',
      PORT: '0',
      // Clients here keep idle connections open, and nobody else is to take over.
      LINGER_SECONDS: '0',
      API_KEYS_FILE: file,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  const ended = once(child, 'exit')
  const address = await listening(child, log)
  return {
    address,
    key: admin.key,
    log,
    process: child,
    async addCredential(entry) {
      const created = newCredential(entry)
      entries.push(created.entry)
      await save()
      return created.key
    },
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function listening(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface(stream).on('line', (line) => {
        log.push(line)
        const address = addressIn(line)
        if (address !== undefined) resolve(address)
      })
    }
    child.once('exit', (code, signal) => {
      reject(new Error(`the service ended with ${signal ?? code} before it listened:\n${log.slice(-20).join('\n')}`))
    })
  })
}

function addressIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  const { address } = JSON.parse(line) as { address?: unknown }
  return typeof address === 'string' ? address : undefined
}
