import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { apply } from '../../src/kubernetes/apply.ts'
import type { Apis } from '../../src/kubernetes/connection.ts'
import { namesFor } from '../../src/manifests/names.ts'
import type { Service } from '../../tools/service.ts'
import { bareNamespace, bareTenant, MADE_BY_OTHERS } from './objects.ts'

export const RAM = '128Mi'
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
const PAGE = 100

/** Makes tenants. `create` returns once the tenant is promised: applied it may be later. */
export type Contender = {
  name: string
  namespaceOf: (id: string) => string
  create: (id: string) => Promise<void>
  /** Nothing comes after the promise. */
  isOnlyPromised?: boolean
  /** It starts a process for each call. */
  isProgram?: boolean
}

/** Also looks at tenants, and deletes them with all that they have. `purge` returns once that is promised. */
export type Keeper = Contender & {
  get: (id: string) => Promise<void>
  /** A hundred tenants. */
  list: () => Promise<void>
  purge: (id: string) => Promise<void>
}

export function theService({ address, key }: Pick<Service, 'address' | 'key'>): Keeper {
  const authorization = `Bearer ${key}`
  const withBody = { authorization, 'content-type': 'application/json' }
  const ask = async (status: number, method: string, path: string, body?: object) => {
    const sent = body === undefined ? { headers: { authorization } } : { headers: withBody, body: JSON.stringify(body) }
    const answer = await fetch(address + path, { method, ...sent })
    const text = await answer.text()
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  }
  return {
    name: 'this service',
    namespaceOf: (id) => namesFor(id).namespace,
    create: (userId) => ask(202, 'POST', '/tenants', { userId, ramSize: RAM, apiKey: 'a-key-that-opens-nothing' }),
    get: (id) => ask(200, 'GET', `/tenants/${id}`),
    list: () => ask(200, 'GET', `/tenants?limit=${PAGE}`),
    purge: (id) => ask(202, 'DELETE', `/tenants/${id}?purge=true`),
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
export function bareLoop(apis: Apis, record: string): Keeper {
  const { create } = twoCalls(apis, record)
  const { core } = apis
  return {
    name: 'bare loop',
    namespaceOf: bareNamespace,
    async create(id) {
      await create(id)
      const { namespace, around, deployment } = bareTenant(id, record)
      const { annotations } = namespace.metadata!
      await core.patchNamespace({ name: bareNamespace(id), body: { metadata: { annotations } } }, MERGE)
      await Promise.all(around.map((object) => apply(apis, object)))
      await apply(apis, deployment)
    },
    get: async (id) => void (await core.readNamespace({ name: bareNamespace(id) })),
    list: async () => void (await core.listNamespace({ labelSelector: MADE_BY_OTHERS, limit: PAGE })),
    purge: async (id) => void (await core.deleteNamespace({ name: bareNamespace(id) })),
  }
}
