import { mkdir, readFile, statfs, writeFile } from 'node:fs/promises'
import type { Report } from '../report.ts'
import { nodesReady } from './api.ts'
import { binaries } from './binaries.ts'
import { cgroupOf, makeCgroup } from './cgroups.ts'
import { flags } from './control-plane.ts'
import { cniPlugins } from './packages.ts'
import { type Process, start, waitUntil } from './processes.ts'
import { inside, runInside, type Sandbox } from './sandbox.ts'
import type { State } from './state.ts'

export type Image = { ref: string; archive: string }

const socket = '/run/containerd/containerd.sock' // the sandbox's own /run

/** Starts containerd in the sandbox and gives it the images. Needs no API server yet. */
export async function startRuntime(state: State, sandbox: Sandbox, pause: Image, images: Image[]): Promise<void> {
  await writeFile(state.path('containerd.toml'), await containerdConfig(state, pause))
  await mkdir(state.path('cni'), { recursive: true })
  await writeFile(state.path('cni', '10-pods.conflist'), JSON.stringify(podNetwork(sandbox)))
  const command = inside(sandbox.pid, ['containerd', '--config', state.path('containerd.toml')])
  const containerd = await start(state, 'containerd', command)
  await waitUntil(state, containerd, 30, () => succeeds(ctr(sandbox.pid, 'version')))
  for (const image of [pause, ...images]) await importImage(sandbox.pid, image)
}

/** Gives the containerd in the sandbox of this process an image. */
export async function importImage(sandbox: number, image: Image): Promise<void> {
  await ctr(sandbox, 'images', 'import', image.archive)
}

function ctr(sandbox: number, ...args: string[]): Promise<string> {
  return runInside(sandbox, ['ctr', '--address', socket, '--namespace', 'k8s.io', ...args])
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}

/** Starts what makes a node of the sandbox, and a scheduler. Needs the API server. */
export async function startNode(state: State, sandbox: Sandbox, report: Report): Promise<void> {
  const bin = await binaries(['kube-scheduler', 'kubelet', 'kube-proxy'], report)
  report('Start the node', 'kubelet, kube-proxy and kube-scheduler')
  await makeCgroup(state)
  await writeFile(state.path('kubelet.json'), JSON.stringify(await kubeletConfig(state, sandbox), null, 2))
  await writeFile(state.path('kube-proxy.json'), JSON.stringify(proxyConfig(state, sandbox), null, 2))
  await start(state, 'kube-scheduler', [bin['kube-scheduler'], ...schedulerFlags(state)])
  const kubelet = await start(state, 'kubelet', inside(sandbox.pid, [bin.kubelet, ...kubeletFlags(state, sandbox)]))
  await start(
    state,
    'kube-proxy',
    inside(sandbox.pid, [bin['kube-proxy'], `--config=${state.path('kube-proxy.json')}`]),
  )
  await untilNodeReady(state, kubelet)
}

export async function untilNodeReady(state: State, kubelet: Process): Promise<void> {
  await waitUntil(state, kubelet, 60, () => nodesReady(state.path('pki', 'admin.kubeconfig')))
}

async function containerdConfig(state: State, pause: Image): Promise<string> {
  const cri = 'plugins."io.containerd.grpc.v1.cri"'
  return `version = 2
root = "${state.path('containerd')}"
state = "/run/containerd"

[grpc]
address = "${socket}"

[plugins."io.containerd.internal.v1.opt"]
path = "${state.path('opt')}"

[${cri}]
sandbox_image = "${pause.ref}"
disable_apparmor = true
# A machine without CAP_SYS_RESOURCE refuses the negative values that kubelet asks for.
restrict_oom_score_adj = true

[${cri}.containerd]
snapshotter = "${await snapshotter(state)}"

[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[${cri}.cni]
bin_dir = "${cniPlugins()}"
conf_dir = "${state.path('cni')}"
`
}

/** An overlay can't lie on another one, which is what the file system of a container is. */
async function snapshotter(state: State): Promise<string> {
  const overlay = 0x794c7630
  return (await statfs(state.dir)).type === overlay ? 'native' : 'overlayfs'
}

/**
 * A link per pod, no bridge: all traffic between pods is routed, so that kube-proxy sees the answers too. On a bridge they
 * would go past it unless the module br_netfilter is loaded.
 */
function podNetwork(sandbox: Sandbox) {
  const ipam = {
    type: 'host-local',
    ranges: [[{ subnet: sandbox.pods }]],
    routes: [{ dst: '0.0.0.0/0' }],
    dataDir: '/run/cni-addresses',
  }
  return { cniVersion: '0.4.0', name: 'pods', plugins: [{ type: 'ptp', ipam }] }
}

function kubeletFlags(state: State, sandbox: Sandbox): string[] {
  return flags({
    config: state.path('kubelet.json'),
    kubeconfig: state.path('pki', 'kubelet.kubeconfig'),
    // The sandbox's own: below the cluster's folder the paths of sockets could become longer than a socket's may be.
    'root-dir': '/var/lib/kubelet',
    'cert-dir': state.path('kubelet-pki'),
    'hostname-override': 'node',
    'node-ip': sandbox.node,
  })
}

async function kubeletConfig(state: State, sandbox: Sandbox) {
  await writeFile(state.path('resolv.conf'), await readFile('/etc/resolv.conf')) // it may be a link into the real /run
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: state.path('pki', 'ca.crt') } },
    containerRuntimeEndpoint: `unix://${socket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroupOf(state),
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    // A development machine's disk is fuller than a node's. Nothing may be evicted, and no image removed, for that.
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    maxPods: 250,
    oomScoreAdj: 0,
    podLogsDir: state.path('pod-logs'),
    volumePluginDir: state.path('volume-plugins'),
    resolvConf: state.path('resolv.conf'),
    // No DNS runs, but without an address kubelet complains about every pod in an event.
    clusterDNS: [sandbox.network.services.replace('0.0/16', '0.10')],
    clusterDomain: 'cluster.local',
  }
}

function proxyConfig(state: State, sandbox: Sandbox) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clientConnection: { kubeconfig: state.path('pki', 'kube-proxy.kubeconfig') },
    hostnameOverride: 'node',
    clusterCIDR: sandbox.pods,
    // These belong to the machine: a namespace can't set them.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    oomScoreAdj: 0,
  }
}

export function schedulerFlags(state: State): string[] {
  return flags({
    kubeconfig: state.path('pki', 'kube-scheduler.kubeconfig'),
    'secure-port': 0,
    'leader-elect': false,
  })
}
