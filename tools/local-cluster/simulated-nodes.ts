import { join } from 'node:path'
import { CoreV1Api, KubeConfig, type V1Node } from '@kubernetes/client-node'
import type { Report } from '../report.ts'
import { binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { flags } from './control-plane.ts'
import { schedulerFlags, untilNodeReady } from './node.ts'
import { start } from './processes.ts'
import { run } from './run.ts'
import { stateOf } from './state.ts'

const STAGES = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-delete.yaml',
]
const IS_SIMULATED = { 'kwok.x-k8s.io/node': 'fake' }

/**
 * Gives a control plane nodes that kwok says are ready, and whose pods it says run, though nothing runs: for what is measured of many
 * tenants. A pod's size cannot be changed there, as no kubelet answers.
 */
export async function addSimulatedNodes({ name, kubeconfig }: Cluster, count: number, report: Report): Promise<void> {
  const state = stateOf(name)
  const bin = await binaries(['kube-scheduler', 'kwok'], report)
  report('Start simulated nodes', `${count}`)
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const core = config.makeApiClient(CoreV1Api)
  for (let index = 0; index < count; index++) await core.createNode({ body: node(`simulated-${index}`) })
  await start(state, 'kube-scheduler', [bin['kube-scheduler'], ...schedulerFlags(state)])
  const selector = Object.entries(IS_SIMULATED).map(([key, value]) => `${key}=${value}`)
  const settings = flags({ kubeconfig, 'manage-nodes-with-annotation-selector': selector.join() })
  const becomes = await stages()
  await untilNodeReady(state, await start(state, 'kwok', [bin.kwok, ...settings, ...becomes]))
}

/** What kwok's own module says becomes of nodes and pods, and when. */
async function stages(): Promise<string[]> {
  const cwd = join(import.meta.dirname, 'go', 'kwok')
  const module = JSON.parse(await run('go', ['mod', 'download', '-json', 'sigs.k8s.io/kwok'], { cwd })) as {
    Dir: string
  }
  return STAGES.map((file) => `--config=${join(module.Dir, 'kustomize', 'stage', file)}`)
}

function node(name: string): V1Node {
  const has = { cpu: '10000', memory: '100Ti', pods: '2000', 'ephemeral-storage': '1Pi' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: IS_SIMULATED,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' },
    },
    status: { capacity: has, allocatable: has },
  }
}
