import { mkdir } from 'node:fs/promises'
import { buildImages } from '../images/build.ts'
import type { Report } from '../report.ts'
import { binaries } from './binaries.ts'
import { volumesUser } from './certificates.ts'
import type { Started } from './cluster.ts'
import { auditLog, loopback, startControlPlane } from './control-plane.ts'
import { startNode, startRuntime } from './node.ts'
import { makeSandbox } from './sandbox.ts'
import type { State } from './state.ts'
import { startVolumes } from './volumes-process.ts'

/** A control plane on this machine and, in a sandbox of its own, a node that runs real pods. */
export async function startWithNode(state: State, report: Report, fsync: boolean): Promise<Started> {
  await binaries(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'], report)
  const images = await buildImages(report)
  await mkdir(state.dir, { recursive: true })
  const sandbox = await makeSandbox(state)
  const [kubeconfig] = await together([
    startControlPlane(state, sandbox.network, report, fsync),
    startRuntime(state, sandbox, images.pause, [images.standIn]),
  ])
  await together([startNode(state, sandbox, report), startVolumes(state, kubeconfig, volumesUser(state))])
  return { kubeconfig, image: images.standIn.ref, auditLog: auditLog(state) }
}

/** A control plane alone: everything but running pods can be tried on it. */
export async function startWithoutNode(state: State, report: Report, fsync: boolean): Promise<Started> {
  const images = await buildImages(report)
  await mkdir(state.dir, { recursive: true })
  const kubeconfig = await startControlPlane(state, loopback, report, fsync)
  await startVolumes(state, kubeconfig, volumesUser(state))
  return { kubeconfig, image: images.standIn.ref, auditLog: auditLog(state) }
}

/** Waits for all even if one fails: what is still being started then could not be stopped. */
async function together<T extends unknown[]>(works: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(works)
  return (await Promise.all(works)) as T
}
