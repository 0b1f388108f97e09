import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createClient, type ProvisionerClient } from '@fluxiondb/provisioner-client'
import type { Command } from 'commander'
import { UsageError } from './usage-error.ts'

export type Context = { url: string; credential: string }
export type Contexts = { current: string | null; contexts: Record<string, Context> }

/** Holds credentials, so nobody else may read it. */
export function contextsFile(): string {
  const folder = process.env.XDG_CONFIG_HOME || join(homedir(), '.config')
  return process.env.FLUXIONCTL_CONFIG ?? join(folder, 'fluxionctl', 'contexts.json')
}

/** @throws Error if the file cannot be read as contexts */
export function readContexts(): Contexts {
  let text: string
  try {
    text = readFileSync(contextsFile(), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { current: null, contexts: {} }
    throw error
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${contextsFile()} is not valid JSON`)
  }
}

export function writeContexts(contexts: Contexts): void {
  const file = contextsFile()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(contexts, null, 2)}\n`, { mode: 0o600 })
}

/** The service that a command talks to: by `FLUXIONCTL_URL` and `FLUXIONCTL_CREDENTIAL`, `--context`, or the current context. */
export function contextOf(command: Command): Context {
  const { FLUXIONCTL_URL: url, FLUXIONCTL_CREDENTIAL: credential } = process.env
  const { context: name } = command.optsWithGlobals<{ context?: string }>()
  if (url && credential && name === undefined) return { url: trimmed(url), credential }
  const { current, contexts } = readContexts()
  const wanted = name ?? current
  const found = wanted === null ? undefined : contexts[wanted]
  if (found) return found
  if (wanted === null) throw new UsageError('There is no context yet: fluxionctl login URL makes one.')
  throw new UsageError(`There is no context ${wanted}; there are: ${Object.keys(contexts).join(', ') || 'none'}.`)
}

export function clientOf(command: Command): ProvisionerClient {
  const { url, credential } = contextOf(command)
  return createClient(url, credential)
}

export const trimmed = (url: string) => url.replace(/\/+$/, '')
