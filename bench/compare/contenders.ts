import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { apply } from '../../src/kubernetes/apply.ts'
import type { Apis } from '../../src/kubernetes/connection.ts'
import { namesFor } from '../../src/manifests/names.ts'
import { helm } from '../../tools/helm.ts'
import { run } from '../../tools/local-cluster/run.ts'
import type { Service } from '../../tools/service.ts'
import { bareNamespace, bareTenant } from './objects.ts'

export const RAM = '128Mi'
const CHART = new URL('../../charts/fluxiondb', import.meta.url).pathname
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

/** Makes tenants. `create` returns once the tenant is promised: applied it may be later. */
export type Contender = {
  name: string
  namespaceOf: (id: string) => string
  create: (id: string) => Promise<void>
  /** Nothing comes after the promise. */
  isOnlyPromised?: boolean
}

export function theService({ address, key }: Pick<Service, 'address' | 'key'>): Contender {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  return {
    name: 'this service',
    namespaceOf: (id) => namesFor(id).namespace,
    async create(userId) {
      const answer = await fetch(`${address}/tenants`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ userId, ramSize: RAM, apiKey: 'a-key-that-opens-nothing' }),
      })
      const text = await answer.text()
      if (answer.status !== 202) throw new Error(`POST /tenants: ${answer.status} ${text}`)
    },
  }
}

/** The two writes without which no tenant can be promised: its record, and its key. */
export function twoCalls({ core }: Apis, record: string): Contender {
  return {
    name: 'two bare calls',
    isOnlyPromised: true,
    namespaceOf: bareNamespace,
    async create(id) {
      const { namespace, secret } = bareTenant(id, record)
      await core.createNamespace({ body: namespace })
      await core.createNamespacedSecret({ namespace: bareNamespace(id), body: secret })
    },
  }
}

/** All writes of a create in a bare loop, those at once that can be: nothing could be faster. */
export function bareLoop(apis: Apis, record: string): Contender {
  const { create } = twoCalls(apis, record)
  return {
    name: 'bare loop',
    namespaceOf: bareNamespace,
    async create(id) {
      await create(id)
      const { namespace, around, deployment } = bareTenant(id, record)
      const { annotations } = namespace.metadata!
      await apis.core.patchNamespace({ name: bareNamespace(id), body: { metadata: { annotations } } }, MERGE)
      await Promise.all(around.map((object) => apply(apis, object)))
      await apply(apis, deployment)
    },
  }
}

/** @param folder for its files */
export function kubectl(kubeconfig: string, record: string, folder: string): Contender {
  return {
    name: 'kubectl apply',
    namespaceOf: bareNamespace,
    async create(id) {
      const { namespace, secret, around, deployment } = bareTenant(id, record)
      const file = join(folder, `${id}.json`)
      const items = [namespace, secret, ...around, deployment]
      await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), { mode: 0o600 })
      await run('kubectl', ['--kubeconfig', kubeconfig, 'apply', '--server-side', '-f', file])
    },
  }
}

export function helmInstall(kubeconfig: string): Contender {
  const values = [
    'secret.secretKey=a-key-that-opens-nothing',
    `resources.requests.memory=${RAM}`,
    `resources.limits.memory=${RAM}`,
    'quota.enabled=true',
  ]
  return {
    name: 'helm install',
    namespaceOf: bareNamespace,
    async create(id) {
      const where = ['--kubeconfig', kubeconfig, '--namespace', bareNamespace(id), '--create-namespace']
      const set = values.flatMap((value) => ['--set', value])
      await helm(['install', 'db', CHART, ...where, ...set, '--set', 'persistence.size=256Mi'], () => {})
    },
  }
}
