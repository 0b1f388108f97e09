import type { Report } from '../report.ts'
import { kubernetesVersion } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { whyNoK3s } from './k3s.ts'
import { installPackages } from './packages.ts'
import { run } from './run.ts'
import { whyNoSandbox } from './sandbox.ts'

type Kind = 'k3s' | 'node' | 'control-plane'

export type Choice = Pick<Cluster, 'description'> & { kind: Kind }

/** The most ordinary cluster that this machine can run, and why it is not a more ordinary one. */
export async function choose(report: Report): Promise<Choice> {
  const wanted = process.env.LOCAL_CLUSTER
  if (wanted && !(wanted in obstacles)) throw new Error(`LOCAL_CLUSTER is one of ${kinds.join(', ')}, not ${wanted}`)
  const reasons: string[] = []
  for (const kind of kinds) {
    if (wanted && wanted !== kind) continue
    const obstacle = await obstacles[kind](report)
    if (!obstacle) return { kind, description: await describe(kind, wanted ? ['LOCAL_CLUSTER asks for it'] : reasons) }
    if (!reasons.includes(obstacle)) reasons.push(obstacle)
  }
  throw new Error(
    `No Kubernetes can be started here: ${reasons.join('; ')}. Install Docker or Go, or set TEST_KUBECONFIG to the ` +
      'path of a kubeconfig.',
  )
}

const kinds: Kind[] = ['k3s', 'node', 'control-plane']

/** Per kind, why this machine can't run it; undefined if it can. */
const obstacles: Record<Kind, (report: Report) => Promise<string | undefined>> = {
  k3s: whyNoK3s,
  node: async (report) => (await whyNoControlPlane()) ?? (await whyNoNode(report)),
  'control-plane': whyNoControlPlane,
}

async function whyNoControlPlane(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Kubernetes itself runs on Linux only'
  const go = await run('go', ['env', 'GOVERSION']).catch(() => '')
  const minor = Number(go.match(/^go1\.(\d+)/)?.[1] ?? 0)
  // From 1.21 on, Go downloads the newer Go that a module asks for.
  return minor >= 21 ? undefined : 'there is no Go 1.21 or later to build Kubernetes with'
}

async function whyNoNode(report: Report): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'a node needs root'
  const missing = await installPackages(report)
  if (missing.length > 0) return `a node needs what is in these Debian packages: ${missing.join(', ')}`
  return whyNoSandbox()
}

async function describe(kind: Kind, reasons: string[]): Promise<string> {
  const version = await kubernetesVersion()
  const own = `Kubernetes ${version}, built from source and run as processes of this machine`
  const what = {
    k3s: `k3s ${version} in a container`,
    node: `${own}, with a node that runs real pods`,
    'control-plane': `${own}, without a node: no pod runs`,
  }
  return reasons.length === 0 ? `${what[kind]}.` : `${what[kind]}, because ${reasons.join('; ')}.`
}
