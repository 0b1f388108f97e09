import { setTimeout as sleep } from 'node:timers/promises'
import type { TestCluster } from '../../test/helpers/cluster.ts'
import { tenantAt } from '../../test/helpers/resized-tenant.ts'
import type { Asking } from './asking.ts'

const PAUSE_MS = 2000
const SIZES = ['128Mi', '192Mi', '160Mi', '256Mi']

type Change = { method: string; path: string; body?: object; makes?: Partial<Acknowledged> }
/** What the newest operation that was acknowledged makes of a tenant. */
type Acknowledged = { ramSize: string; label: string; state: string }

/** Changes one tenant again and again, in every way, until it is told to stop; then looks whether all that was acknowledged holds. */
export function customer(cluster: TestCluster, { api, ask }: Asking, name: string) {
  const failures: string[] = []
  const acknowledged: Acknowledged = { ramSize: SIZES[0]!, label: '', state: 'active' }
  let userId = `${name}-0`

  /** What one asks for from day to day. */
  function changesOf(turn: number): Change[] {
    const own = `/tenants/${userId}`
    const resized = SIZES.slice(1).map((ramSize) => ({
      method: 'PATCH',
      path: `${own}/ram`,
      body: { ramSize },
      makes: { ramSize },
    }))
    const label = `turn-${turn}`
    return [
      ...resized,
      { method: 'PATCH', path: own, body: { options: { labels: { team: label } } }, makes: { label } },
      { method: 'POST', path: `${own}/restart` },
      { method: 'POST', path: `${own}/suspend`, makes: { state: 'suspended' } },
      { method: 'POST', path: `${own}/resume`, makes: { state: 'active' } },
      { method: 'POST', path: `${own}/rotate-key` },
      { method: 'DELETE', path: own, makes: { state: 'deleted' } },
      { method: 'POST', path: `${own}/undelete`, makes: { state: 'active' } },
    ]
  }

  async function make({ method, path, body, makes = {} }: Change): Promise<void> {
    const answer = await ask(method, path, body)
    if (answer.status >= 300) {
      failures.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return
    }
    Object.assign(acknowledged, makes)
    const { operation } = answer.body
    const end = await untilEnded(operation.id)
    if (end !== 'succeeded') failures.push(`${method} ${path}: the operation has ${end}`)
  }

  async function untilEnded(operationId: string): Promise<string> {
    while (true) {
      const { status, body } = await ask('GET', `/tenants/${userId}/operations/${operationId}`)
      if (status !== 200) return `${status} ${JSON.stringify(body)}`
      if (body.state !== 'running') return body.state
      await sleep(500)
    }
  }

  async function create(): Promise<void> {
    Object.assign(acknowledged, { ramSize: SIZES[0]!, label: '', state: 'active' })
    await make({
      method: 'POST',
      path: '/tenants',
      body: { userId, ramSize: SIZES[0]!, apiKey: `key-of-${name}-for-ever` },
    })
  }

  return {
    failures,
    async untilStopped(isOver: () => boolean): Promise<void> {
      for (let turn = 0; !isOver(); turn++) {
        userId = `${name}-${turn}`
        await create()
        for (const change of changesOf(turn)) {
          if (isOver()) return
          await make(change)
          await ask('GET', `/tenants/${userId}`)
          await ask('GET', '/tenants?limit=100')
          await sleep(PAUSE_MS)
        }
        if (!isOver()) await ask('DELETE', `/tenants/${userId}?purge=true`)
      }
    },
    /** What is not as the newest acknowledged request asked for. */
    async whatIsLost(): Promise<string[]> {
      const { body } = await ask('GET', `/tenants/${userId}`)
      const found = { ramSize: body.desired?.ramSize, label: body.options?.labels?.team ?? '', state: body.state }
      const told = `${userId}: ${JSON.stringify(found)} instead of ${JSON.stringify(acknowledged)}`
      if (JSON.stringify(found) !== JSON.stringify(acknowledged)) return [told]
      return acknowledged.state === 'active' ? tenantAt(cluster, api, userId).whatIsWrong() : []
    },
    async purge(): Promise<void> {
      await ask('DELETE', `/tenants/${userId}?purge=true`)
    },
  }
}
