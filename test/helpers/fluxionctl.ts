import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../fluxionctl/bin/fluxionctl.mjs', import.meta.url))

export type Given = { input?: string; env?: Record<string, string> }

/** Runs the command line as a script does: with pipes, not at a terminal. */
export async function fluxionctl(args: string[], { input = '', env = {} }: Given = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}
