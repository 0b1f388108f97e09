import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { State } from './state.ts'

type Certificate = { name: string; user: string; groups?: string[]; hosts?: string[] }

/** The users of a cluster, by the name of their certificate and kubeconfig. */
const users: Certificate[] = [
  { name: 'admin', user: 'admin', groups: ['system:masters'] },
  // A user of its own, so that the audit log tells what the volumes process writes from what tests write.
  { name: 'volumes', user: 'local-volumes', groups: ['system:masters'] },
  { name: 'kube-controller-manager', user: 'system:kube-controller-manager' },
  { name: 'kube-scheduler', user: 'system:kube-scheduler' },
  { name: 'kube-proxy', user: 'system:kube-proxy' },
  { name: 'kubelet', user: 'system:node:node', groups: ['system:nodes'] },
  { name: 'kube-apiserver-kubelet-client', user: 'kube-apiserver-kubelet-client', groups: ['system:masters'] },
]

export function volumesUser(state: State): string {
  return state.path('pki', 'volumes.kubeconfig')
}

/** Makes all certificates in `<state>/pki`, and a kubeconfig for each user beside them. */
export async function makeCertificates(state: State, program: string, server: string, hosts: string[]): Promise<void> {
  const wanted = [...users, { name: 'kube-apiserver', user: 'kube-apiserver', hosts }]
  await signCertificates(program, state.path('pki'), wanted)
  await Promise.all(users.map(({ name }) => writeKubeconfig(state, name, server)))
}

/** Makes an authority, `ca.crt`, and what it signs, `<name>.crt` and `<name>.key`, in a folder. @param program `certs` */
export async function signCertificates(program: string, folder: string, wanted: readonly Certificate[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const certs = spawn(program, [folder], { stdio: ['pipe', 'ignore', 'inherit'] })
  certs.stdin.end(JSON.stringify(wanted))
  const [code] = await once(certs, 'exit')
  if (code !== 0) throw new Error(`making certificates failed with exit code ${code}`)
}

async function writeKubeconfig(state: State, user: string, server: string): Promise<void> {
  const data = async (file: string) => (await readFile(state.path('pki', file))).toString('base64')
  const name = `fluxiondb-${state.name}`
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': await data('ca.crt') } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': await data(`${user}.crt`),
          'client-key-data': await data(`${user}.key`),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  }
  // JSON is YAML.
  await writeFile(state.path('pki', `${user}.kubeconfig`), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
}
