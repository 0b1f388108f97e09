import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Report } from '../report.ts'
import { isReady } from './api.ts'
import { binaries } from './binaries.ts'
import { makeCertificates } from './certificates.ts'
import { type Process, start, waitUntil } from './processes.ts'
import type { State } from './state.ts'

/** Where the API server listens. With a node this is an address that pods reach too. */
export type Network = { address: string; services: string }

/** Without a node nothing but this machine calls the API server, and the range of Services may collide with anything. */
export const loopback: Network = { address: '127.0.0.1', services: '10.96.0.0/16' }

/** Starts etcd, the API server and the controllers. Answers the path of an admin kubeconfig. */
export async function startControlPlane(
  state: State,
  network: Network,
  report: Report,
  fsync: boolean,
): Promise<string> {
  const bin = await binaries(['certs', 'etcd', 'kube-apiserver', 'kube-controller-manager'], report)
  const [apiPort, etcdPort, etcdPeerPort] = await freePorts(3)
  const server = `https://${network.address}:${apiPort}`
  const etcd = `http://127.0.0.1:${etcdPort}`
  const kubeconfig = state.path('pki', 'admin.kubeconfig')

  report('Start the control plane', 'certificates')
  await makeCertificates(state, bin.certs, server, hosts(network))
  await writeFile(state.path('audit-policy.json'), JSON.stringify(auditPolicy))

  report('Start the control plane', 'etcd and kube-apiserver')
  await start(state, 'etcd', [bin.etcd, ...etcdFlags(state, etcd, `http://127.0.0.1:${etcdPeerPort}`, fsync)])
  const flags = apiServerFlags(state, network, apiPort!, etcd)
  await untilReady(state, await start(state, 'kube-apiserver', [bin['kube-apiserver'], ...flags]))

  report('Start the control plane', 'kube-controller-manager')
  await start(state, 'kube-controller-manager', [bin['kube-controller-manager'], ...controllerFlags(state, network)])
  return kubeconfig
}

/** Waits until the API server answers; also after it was stopped and started again. */
export async function untilReady(state: State, apiServer: Process): Promise<void> {
  await waitUntil(state, apiServer, 60, () => isReady(state.path('pki', 'admin.kubeconfig')))
}

function etcdFlags(state: State, client: string, peer: string, fsync: boolean): string[] {
  return flags({
    name: 'local',
    'data-dir': state.path('etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `local=${peer}`,
    'unsafe-no-fsync': !fsync,
    'quota-backend-bytes': 8 * 1024 ** 3,
    'log-level': 'warn',
  })
}

function apiServerFlags(state: State, network: Network, port: number, etcd: string): string[] {
  const pki = (file: string) => state.path('pki', file)
  const reachable = network !== loopback
  return flags({
    'etcd-servers': etcd,
    'bind-address': network.address,
    'secure-port': port,
    // The server refuses to advertise a loopback address; without a node nobody reads what it advertises (TEST-NET-1).
    'advertise-address': reachable ? network.address : '192.0.2.1',
    'endpoint-reconciler-type': reachable ? 'lease' : 'none',
    'service-cluster-ip-range': network.services,
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'allow-privileged': true,
    'client-ca-file': pki('ca.crt'),
    'tls-cert-file': pki('kube-apiserver.crt'),
    'tls-private-key-file': pki('kube-apiserver.key'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': pki('service-accounts.key'),
    'service-account-signing-key-file': pki('service-accounts.key'),
    'kubelet-client-certificate': pki('kube-apiserver-kubelet-client.crt'),
    'kubelet-client-key': pki('kube-apiserver-kubelet-client.key'),
    // Else the server looks the node's host name up, which no DNS knows, and pod logs fail.
    'kubelet-preferred-address-types': 'InternalIP',
    'audit-policy-file': state.path('audit-policy.json'),
    'audit-log-path': auditLog(state),
    // One file: tests read it from the start.
    'audit-log-maxsize': 10_000,
  })
}

function controllerFlags(state: State, network: Network): string[] {
  const pki = (file: string) => state.path('pki', file)
  // Nodes that are simulated are late when thousands of pods start at once, and nobody makes their pods ready again.
  const patience = network === loopback ? { 'node-monitor-grace-period': '1h' } : {}
  return flags({
    ...patience,
    kubeconfig: pki('kube-controller-manager.kubeconfig'),
    'secure-port': 0,
    'leader-elect': false,
    'use-service-account-credentials': true,
    'root-ca-file': pki('ca.crt'),
    'service-account-private-key-file': pki('service-accounts.key'),
    'cluster-signing-cert-file': pki('ca.crt'),
    'cluster-signing-key-file': pki('ca.key'),
    // Made at the start, at a path of the machine's if not said otherwise.
    'flex-volume-plugin-dir': state.path('volume-plugins'),
    'kube-api-qps': 200,
    'kube-api-burst': 400,
    'concurrent-namespace-syncs': 20,
  })
}

export function auditLog(state: State): string {
  return state.path('audit.log')
}

/** Who wrote what, without bodies: no Secret ends up in the log. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted', 'Panic'],
  rules: [{ level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] }, { level: 'None' }],
}

/** The names of the server's certificate: its address, the first address of the Services, and the names in the cluster. */
function hosts(network: Network): string[] {
  const service = 'kubernetes.default.svc.cluster.local'.split('.')
  const names = [1, 2, 3, 5].map((labels) => service.slice(0, labels).join('.'))
  return [network.address, '127.0.0.1', 'localhost', network.services.replace(/\.0\/\d+$/, '.1'), ...names]
}

export function flags(values: Record<string, string | number | boolean>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`)
}

/** Below the ports of outgoing connections: one of those could take a port while a test has the API server stopped. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
