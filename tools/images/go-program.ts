import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Builds the Go program in `folder` as one static file that does not depend on where, when or in which checkout. */
export async function buildGo(folder: string, output: string): Promise<void> {
  // -buildvcs=false: a commit that touches none of these files would change the binary.
  const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', '-s -w -buildid=']
  await go(folder, 'build', ...flags, '-o', output, '.')
}

/** What the Go binary is for: its version, and the architecture by Go's name for it. */
export async function goVersion(): Promise<{ version: string; architecture: string }> {
  const [version = '', architecture = ''] = (await go('.', 'env', 'GOVERSION', 'GOARCH')).trim().split('\n')
  return { version, architecture }
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
    const env = { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOFLAGS: '' }
    return (await run('go', args, { cwd: folder, env })).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('Go is needed to build the test images and was not found: install it from https://go.dev/dl/', {
      cause: error,
    })
  }
}
