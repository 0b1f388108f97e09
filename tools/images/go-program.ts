import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Builds the Go program in `folder` as one static file that does not depend on where, when or in which checkout. */
export async function buildGo(folder: string, output: string): Promise<void> {
  // -buildvcs=false: a commit that touches none of these files would change the binary.
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w -buildid=']
  await go(folder, 'build', ...flags, '-o', output, '.')
}

export async function goVersion(): Promise<string> {
  return (await go('.', 'env', 'GOVERSION')).trim()
}

/** This machine's architecture, where the image is to run, by Go's name for it. */
export function goArchitecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch
}

/** A hash of all that is compiled. Tests are left out: they change the hash, not the program. */
export async function hashGoSources(folder: string): Promise<string> {
  const names = (await readdir(folder))
    .filter((name) => /\.go$|^go\.(mod|sum)$/.test(name) && !name.endsWith('_test.go'))
    .sort()
  const hash = createHash('sha256')
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(folder, name)))
  return hash.digest('hex')
}

async function go(folder: string, ...args: string[]): Promise<string> {
  try {
    // A user's own settings must not decide what is built: they are not in the image's hash.
    const fixed = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: goArchitecture(), GOFLAGS: '-mod=readonly', GOWORK: 'off' }
    const env = { ...process.env, ...fixed }
    return (await run('go', args, { cwd: folder, env })).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('Go is needed to build the test images and was not found: install it from https://go.dev/dl/', {
      cause: error,
    })
  }
}
