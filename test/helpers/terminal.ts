import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'

/** A command that waits for something else than is typed is ended. */
const TIMEOUT_MS = 120_000

/** Typed by people who have seen enough. */
export const INTERRUPT = '\u0003'

/** What appears, and what is typed then. */
export type Reply = readonly [appears: RegExp, typed: string]

/**
 * Runs a shell command as people do: at a terminal, which `script` of util-linux makes.
 * @param replies one after the other, each once
 * @returns all that was written, that without colours, and the exit code
 */
export async function atTerminal(
  command: string,
  replies: readonly Reply[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; written: string; screen: string }> {
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { ...env, SHELL: '/bin/bash', TERM: 'xterm' },
    timeout: TIMEOUT_MS,
  })
  const left = [...replies]
  let written = ''
  let unanswered = ''
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk
    unanswered += chunk
    const [next] = left
    if (next === undefined || !next[0].test(stripVTControlCharacters(unanswered))) return
    unanswered = ''
    left.shift()
    child.stdin.write(`${next[1]}\r`)
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, written, screen: stripVTControlCharacters(written) }
}
