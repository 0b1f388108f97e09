import type { Report } from '../report.ts'
import { kubernetesVersion } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { whyNoK3s } from './k3s.ts'
import { installPackages } from './packages.ts'
import { runs } from './run.ts'
import { whyNoSandbox } from './sandbox.ts'

export type Choice = Pick<Cluster, 'kind' | 'description'> & { kind: 'k3s' | 'node' | 'control-plane' }

/** The most real cluster that this machine can run, and why it is not a more ordinary one. */
export async function choose(report: Report): Promise<Choice> {
  const noK3s = await whyNoK3s(report)
  const version = await kubernetesVersion()
  if (!noK3s) return { kind: 'k3s', description: `k3s ${version} in a container, as a Docker engine is there.` }

  const noOwn = await whyNoControlPlane()
  if (noOwn) {
    throw new Error(
      `No Kubernetes can be started here: ${noK3s}; ${noOwn}. Install Docker or Go, or set TEST_KUBECONFIG to a ` +
        'kubeconfig of a cluster to use.',
    )
  }

  const own = `Kubernetes ${version} built from source and run as processes of this machine`
  const noNode = await whyNoNode(report)
  if (!noNode) return { kind: 'node', description: `${own}, with a node that runs real pods, as ${noK3s}.` }
  return { kind: 'control-plane', description: `${own}, without a node, so that no pod runs, as ${noK3s}; ${noNode}.` }
}

async function whyNoControlPlane(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Kubernetes itself runs on Linux only'
  if (!(await runs('go', ['version']))) return 'there is no Go to build Kubernetes with'
  return undefined
}

async function whyNoNode(report: Report): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'a node needs root'
  const missing = await installPackages(report)
  if (missing.length > 0) return `a node needs what is in these Debian packages: ${missing.join(', ')}`
  return whyNoSandbox()
}
