import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { helm } from '../../tools/helm.ts'
import { kubectlProgram } from '../../tools/kubectl.ts'
import { run } from '../../tools/local-cluster/run.ts'
import { type Keeper, RAM } from './contenders.ts'
import { bareNamespace, bareTenant, MADE_BY_OTHERS } from './objects.ts'

const CHART = new URL('../../charts/fluxiondb', import.meta.url).pathname
const VALUES = [
  'secret.secretKey=a-key-that-opens-nothing',
  `resources.requests.memory=${RAM}`,
  `resources.limits.memory=${RAM}`,
  'persistence.size=256Mi',
  'quota.enabled=true',
]

/** @param folder for its files */
export async function byKubectl(kubeconfig: string, record: string, folder: string): Promise<Keeper> {
  const program = await kubectlProgram(() => {})
  const kubectl = async (...args: string[]) => void (await run(program, ['--kubeconfig', kubeconfig, ...args]))
  return {
    name: 'kubectl',
    isProgram: true,
    namespaceOf: bareNamespace,
    async create(id) {
      const { namespace, secret, around, deployment } = bareTenant(id, record)
      const file = join(folder, `${id}.json`)
      const items = [namespace, secret, ...around, deployment]
      await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), { mode: 0o600 })
      await kubectl('apply', '--server-side', '-f', file)
    },
    get: (id) => kubectl('get', 'namespace', bareNamespace(id), '--output', 'json'),
    list: () => kubectl('get', 'namespaces', '--selector', MADE_BY_OTHERS, '--output', 'json'),
    purge: (id) => kubectl('delete', 'namespace', bareNamespace(id), '--wait=false'),
  }
}

/** @param deleteNamespace what `helm uninstall` leaves behind, by the fastest way that there is */
export function byHelmChart(kubeconfig: string, deleteNamespace: (id: string) => Promise<void>): Keeper {
  const release = (action: string, id: string, ...more: string[]) =>
    helm([action, 'db', ...more, '--kubeconfig', kubeconfig, '--namespace', bareNamespace(id)], () => {})
  const set = VALUES.flatMap((value) => ['--set', value])
  return {
    name: 'helm',
    isProgram: true,
    namespaceOf: bareNamespace,
    create: async (id) => void (await release('install', id, CHART, '--create-namespace', ...set)),
    get: async (id) => void (await release('status', id)),
    list: async () => void (await helm(['list', '--all-namespaces', '--kubeconfig', kubeconfig], () => {})),
    async purge(id) {
      await release('uninstall', id)
      await deleteNamespace(id)
    },
  }
}
