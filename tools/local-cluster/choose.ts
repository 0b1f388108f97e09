import type { Report } from '../report.ts'
import { cniPlugins } from './node.ts'
import { runs } from './run.ts'
import { whyNoSandbox } from './sandbox.ts'

export type Choice = { kind: 'node' | 'control-plane'; description: string }

export async function choose(_report: Report): Promise<Choice> {
  if (!(await runs('go', ['version']))) throw new Error('no Docker engine answers and Go is not installed')
  const why = (await whyNoSandbox()) ?? (cniPlugins() ? undefined : 'no cni')
  if (why) return { kind: 'control-plane', description: `control plane without node: ${why}` }
  return { kind: 'node', description: 'own control plane with node' }
}
