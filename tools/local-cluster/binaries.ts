import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { cachePath } from '../cache.ts'
import type { Report } from '../report.ts'
import { withLock } from './lock.ts'
import { run } from './run.ts'

const modules = join(import.meta.dirname, 'go')

/** The newest version that is supported; `LOCAL_KUBERNETES=1.30` is the oldest one, which has a folder of its own. */
export const kubernetesModule = ['kubernetes', process.env.LOCAL_KUBERNETES].filter(Boolean).join('-')

const kubernetes = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'] as const

/** Programs with a module of their own, of the same name: what its go.mod requires, and where in that the program is. */
const programs = {
  etcd: { dependency: 'go.etcd.io/etcd/server/v3', folder: '' },
  helm: { dependency: 'helm.sh/helm/v4', folder: '/cmd/helm', version: 'helm.sh/helm/v4/internal/version.version' },
  'helm-docs': { dependency: 'github.com/norwoodj/helm-docs', folder: '/cmd/helm-docs', version: 'main.version' },
  'helm-unittest': { dependency: 'github.com/helm-unittest/helm-unittest', folder: '/cmd/helm-unittest' },
  kubeconform: { dependency: 'github.com/yannh/kubeconform', folder: '/cmd/kubeconform' },
  oasdiff: { dependency: 'github.com/oasdiff/oasdiff', folder: '' },
  kubectl: {
    dependency: 'k8s.io/kubernetes',
    folder: '/cmd/kubectl',
    version: 'k8s.io/component-base/version.gitVersion',
  },
  kwok: { dependency: 'sigs.k8s.io/kwok', folder: '/cmd/kwok' },
  // Clouds in which Prometheus could look for what to scrape are most of it.
  promtool: { dependency: 'github.com/prometheus/prometheus', folder: '/cmd/promtool', tags: 'remove_all_sd' },
} satisfies Record<string, Program>

export type Binary = (typeof kubernetes)[number] | keyof typeof programs | 'certs'

/** `version`: the variable that holds the program's own version, where it has one. `tags`: Go's, which leave parts out. */
type Program = { dependency: string; folder: string; version?: string; tags?: string }

type Source = { module: string; package: string; version: string; ldflags: string; tags?: string }

/** Paths of the binaries asked for. Those that are not in the cache are built from source, one after another. */
export async function binaries<B extends Binary>(wanted: readonly B[], report: Report): Promise<Record<B, string>> {
  const paths = {} as Record<B, string>
  for (const binary of wanted) paths[binary] = await cached(binary, report)
  return paths
}

/** The version that go.mod asks for, without a `v`. */
export function kubernetesVersion(): Promise<string> {
  return requiredVersion(kubernetesModule, 'k8s.io/kubernetes')
}

async function cached(binary: Binary, report: Report): Promise<string> {
  const source = await sourceOf(binary)
  const path = cachePath('bin', `${binary}-${source.version}`, binary)
  if (existsSync(path)) return path
  const waiting = () => report(`Build ${binary}`, 'waiting for another process that builds it')
  return withLock(path, waiting, async () => {
    if (!existsSync(path)) await build(binary, source, path, report)
    return path
  })
}

async function sourceOf(binary: Binary): Promise<Source> {
  if (binary === 'certs') {
    const program = await readFile(join(modules, 'certs', 'main.go'))
    const version = createHash('sha256').update(program).digest('hex').slice(0, 12)
    return { module: 'certs', package: '.', version, ldflags: '-s -w' }
  }
  if (isProgram(binary)) {
    const { dependency, folder, version: variable, tags = '' }: Program = programs[binary]
    const version = await requiredVersion(binary, dependency)
    const ldflags = variable ? `-s -w -X ${variable}=v${version}` : '-s -w'
    return { module: binary, package: `${dependency}${folder}`, version, ldflags, tags }
  }
  const version = await kubernetesVersion()
  const ldflags = `-s -w ${versionFlags(version)}`
  return { module: kubernetesModule, package: `k8s.io/kubernetes/cmd/${binary}`, version, ldflags }
}

function isProgram(binary: Binary): binary is keyof typeof programs {
  return binary in programs
}

async function requiredVersion(module: string, dependency: string): Promise<string> {
  const file = await readFile(join(modules, module, 'go.mod'), 'utf8')
  const version = file.match(new RegExp(`^(?:require )?\\s*${dependency} v(\\S+)`, 'm'))?.[1]
  if (!version) throw new Error(`${module}/go.mod does not require ${dependency}`)
  return version
}

/** Without these the server calls itself v0.0.0 and clients' version checks go wrong. */
function versionFlags(version: string): string {
  const [major, minor] = version.split('.')
  const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' }
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ')
}

async function build(binary: Binary, source: Source, path: string, report: Report): Promise<void> {
  const step = `Build ${binary}`
  const cwd = join(modules, source.module)
  report(step, 'reading its dependencies')
  const total = (await run('go', ['list', '-deps', source.package], { cwd })).trim().split('\n').length

  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.unfinished`
  await rm(unfinished, { force: true })
  const { tags = '', ldflags } = source
  const args = ['build', '-v', '-trimpath', '-tags', tags, '-ldflags', ldflags, '-o', unfinished, source.package]
  const go = spawn('go', args, { cwd, env: { ...process.env, CGO_ENABLED: '0' }, stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise<number | null>((resolve, reject) => go.on('error', reject).on('close', resolve))

  // -v prints a package when it begins to compile it; those that Go's own cache holds are not printed.
  let compiled = 0
  const lines: string[] = []
  for await (const line of createInterface(go.stderr)) {
    lines.push(line)
    if (!line.startsWith('go: ')) report(step, `${++compiled}/${total} packages`)
  }
  if ((await exited) !== 0) throw new Error(`building ${binary} failed:\n${lines.slice(-20).join('\n')}`)
  await rename(unfinished, path)
}
