import { mkdir } from 'node:fs/promises'
import { buildImages } from '../images/build.ts'
import type { Report } from '../report.ts'
import { binaries } from './binaries.ts'
import { loopback, startControlPlane } from './control-plane.ts'
import { startNode, startRuntime } from './node.ts'
import { makeSandbox } from './sandbox.ts'
import type { State } from './state.ts'
import { startVolumes } from './volumes-process.ts'

/** What an own cluster has to say of itself beyond its state: the image that its pods can use. */
type Started = { kubeconfig: string; image: string }

/** A control plane on this machine and, in a sandbox of its own, a node that runs real pods. */
export async function startWithNode(state: State, report: Report): Promise<Started> {
  await binaries(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'], report)
  const images = await buildImages(report)
  await mkdir(state.dir, { recursive: true })
  const sandbox = await makeSandbox(state)
  const [kubeconfig] = await Promise.all([
    startControlPlane(state, sandbox.network, report),
    startRuntime(state, sandbox, images.pause, [images.standIn]),
  ])
  await Promise.all([startNode(state, sandbox, report), startVolumes(state, kubeconfig)])
  return { kubeconfig, image: images.standIn.ref }
}

/** A control plane alone: everything but running pods can be tried on it. */
export async function startWithoutNode(state: State, report: Report): Promise<Started> {
  const images = await buildImages(report)
  await mkdir(state.dir, { recursive: true })
  const kubeconfig = await startControlPlane(state, loopback, report)
  await startVolumes(state, kubeconfig)
  return { kubeconfig, image: images.standIn.ref }
}
