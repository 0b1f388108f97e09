import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a command to its end and returns what it printed. Throws with its error output if it fails. */
export async function run(command: string, args: string[], options: { cwd?: string } = {}) {
  try {
    return (await execute(command, args, { maxBuffer: 64 * 1024 * 1024, ...options })).stdout
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: unknown }
    throw new Error(`${command} ${args.join(' ')} failed (${code}): ${stderr?.trim()}`, { cause: error })
  }
}

/** Whether a command can be found and run with these arguments. */
export async function runs(command: string, args: string[]): Promise<boolean> {
  return execute(command, args).then(
    () => true,
    () => false,
  )
}
