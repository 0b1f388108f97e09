import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DIRECTLY } from './fluxionctl.ts'

const PROVISIONER = fileURLToPath(new URL('../../bin/fluxiondb-provisioner.mjs', import.meta.url))
const command = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')

/** Shell scripts under the names of the programs that a page calls. */
export const FLUXIONCTL = `exec ${command([process.execPath, ...DIRECTLY])} "$@"`
/** Of this package's own programs there is but one. */
export const NPX = `shift\nexec ${command([process.execPath, PROVISIONER])} "$@"`

/** Puts programs into a folder. @returns a PATH on which they come first */
export function programs(folder: string, scripts: Record<string, string>): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return `${bin}:${process.env.PATH}`
}

/** Runs what a page tells people to run, until the first command that fails. */
export function bash(
  script: string,
  options: { env: NodeJS.ProcessEnv; cwd?: string },
): Promise<{ code: number; told: string }> {
  return new Promise((resolve) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, told: stdout + stderr }),
    )
  })
}
