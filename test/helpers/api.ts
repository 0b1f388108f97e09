import { setTimeout as sleep } from 'node:timers/promises'
import type { Tenant } from '../../clients/typescript/index.ts'
import type { Service } from '../../tools/service.ts'
import { validatedFetch } from './validated-fetch.ts'

/** A problem document or a tenant, as the test expects; the OpenAPI document has been checked already. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
export type Answer = { status: number; headers: Headers; body: any }

/** A service on a busy machine may say so often that it has too much to do. */
const TRIES_WHILE_OVERLOADED = 20

/**
 * Sends requests to a service as its admin, or with another credential; every answer is checked against the document. While a busy
 * machine has the service refuse all requests, they are sent again when it says, as any client would: it has not looked at them.
 */
export function apiOf(service: Pick<Service, 'address' | 'key'>, key: string | null = service.key) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    for (let tries = 1; ; tries++) {
      const answer = await validatedFetch(service.address + path, {
        method,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      const isJson = (answer.headers.get('content-type') ?? '').includes('json')
      const found = { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
      if (found.body?.code !== 'overloaded' || tries === TRIES_WHILE_OVERLOADED) return found
      await sleep(Number(answer.headers.get('retry-after')) * 1000)
    }
  }
}

export type Api = ReturnType<typeof apiOf>

/** Repeats a look until it finds something, for at most `seconds`. @throws with what was looked for */
export async function until<T>(
  what: string | (() => string),
  look: () => Promise<T | undefined | false>,
  seconds = 60,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Waits until a tenant's operation has ended and it is in this state. */
export async function untilState(api: Api, userId: string, state: Tenant['state'], seconds = 90): Promise<Tenant> {
  return until(
    `tenant ${userId} is ${state}`,
    async () => {
      const { status, body } = await api('GET', `/tenants/${userId}`)
      return status === 200 && body.state === state && body.operation.state !== 'running' ? (body as Tenant) : undefined
    },
    seconds,
  )
}

/** Purges tenants and waits until they are gone. */
export async function purge(api: Api, ...userIds: string[]): Promise<void> {
  await Promise.all(userIds.map((id) => api('DELETE', `/tenants/${id}?purge=true`, undefined, { prefer: 'wait=60' })))
}
