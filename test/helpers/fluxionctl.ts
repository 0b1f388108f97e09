import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const path = (file: string) => fileURLToPath(new URL(`../../fluxionctl/${file}`, import.meta.url))
/** As its launcher starts it, which takes as long again. */
export const DIRECTLY = ['--conditions=source', path('src/main.ts')]
export const BY_LAUNCHER = [path('bin/fluxionctl.mjs')]

export type Given = { input?: string; env?: Record<string, string>; program?: string[] }

/** Runs the command line as a script does: with pipes, not at a terminal. */
export async function fluxionctl(args: string[], { input = '', env = {}, program = DIRECTLY }: Given = {}) {
  const child = spawn(process.execPath, [...program, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}
