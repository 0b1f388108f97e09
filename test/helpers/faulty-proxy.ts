import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ProxiedCall, startApiProxy } from './api-proxy.ts'

/**
 * What happens to a call. `cut before`: it does not arrive, `cut after`: its answer does not; `late`: it arrives seconds later,
 * whether its sender still lives or not; else it is answered in the API server's place.
 */
export const CALL_FAULTS = [
  ...(['cut before', 'cut after', 'late'] as const),
  ...(['401', '403', '409', '429', '500', '503'] as const),
]
export type CallFault = (typeof CALL_FAULTS)[number]

/** What happens to all watches. `reset`: they end every second; `frozen`: they tell nothing for a while; each event `twice`, or `late`. */
export const WATCH_FAULTS = ['reset', 'frozen', 'twice', 'late'] as const
export type WatchFault = (typeof WATCH_FAULTS)[number]

const LATE_MS = 3000
const WATCH_RESET_MS = 1000
const WATCH_FROZEN_MS = 8000
const WATCH_LATE_MS = 1500
/** A call is sent again a few times by itself: the fault lasts longer. */
const ATTEMPTS = 6

const REASONS = {
  ...{ '401': 'Unauthorized', '403': 'Forbidden', '409': 'Conflict', '429': 'TooManyRequests' },
  ...{ '500': 'InternalError', '503': 'ServiceUnavailable' },
}

/** By its words the authorizer is told from admission, as by any client: it knows no roles for some seconds after a start. */
const WORDS: Partial<Record<CallFault, string>> = {
  403: 'objects is forbidden: User "system:serviceaccount:a:b" cannot do this with resource "objects" in API group ""',
}

type Armed = { fault: CallFault; number: number; calls: string[]; hit: string | undefined; attempts: number }

export type FaultyProxy = Awaited<ReturnType<typeof startFaultyProxy>>

/** A proxy before the API server that does one harm to one call of each namespace, and another one to all watches. */
export async function startFaultyProxy(kubeconfig: string) {
  const armed = new Map<string, Armed>()
  let watchFault: WatchFault | undefined

  async function handle(call: ProxiedCall): Promise<void> {
    const { pass, send } = call
    if (call.query.has('watch')) return watch(call, await send(), watchFault)
    const fault = faultOf(call)
    if (fault === undefined) return pass(await send())
    await harm(call, fault)
  }

  function faultOf({ method, path, body }: ProxiedCall): CallFault | undefined {
    const name = `${method} ${path}`
    // A namespace is made by a POST that names it in its body only.
    const namespace = /\/namespaces\/([^/]+)/.exec(path)?.[1] ?? /"name":"(fluxiondb-[^"]+)"/.exec(body.toString())?.[1]
    const one = armed.get(namespace ?? '')
    if (one === undefined) return undefined
    one.calls.push(name)
    const isRepetition = one.hit === name && one.attempts < ATTEMPTS
    if (one.calls.length !== one.number && !isRepetition) return undefined
    one.hit = name
    one.attempts++
    return one.fault
  }

  const proxy = await startApiProxy(kubeconfig, handle)
  return {
    kubeconfig: proxy.kubeconfig,
    close: proxy.close,
    /** From now on the calls of a namespace are counted, and the one of that number suffers. */
    arm(namespace: string, fault: CallFault, number: number): void {
      armed.set(namespace, { fault, number, calls: [], hit: undefined, attempts: 0 })
    },
    /** The call that suffered, if one did, and all calls. */
    seen: (namespace: string) => armed.get(namespace) ?? { hit: undefined, calls: [] },
    /** Does no harm to that namespace any more. */
    disarm: (namespace: string) => armed.delete(namespace),
    harmWatches(fault: WatchFault | undefined): void {
      watchFault = fault
      // Those that are open go by the fault that there was.
      proxy.reset()
    },
  }
}

async function harm({ method, path, answer, send, pass }: ProxiedCall, fault: CallFault): Promise<void> {
  if (fault === 'cut before') return void answer.destroy()
  if (fault === 'cut after') {
    await buffer(await send())
    return void answer.destroy()
  }
  if (fault === 'late') {
    await sleep(LATE_MS)
    return pass(await send())
  }
  const reason = REASONS[fault]
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    message: WORDS[fault] ?? `injected at ${method} ${path}`,
  }
  const headers = { 'content-type': 'application/json', ...(fault === '429' && { 'retry-after': '1' }) }
  answer.writeHead(Number(fault), headers).end(JSON.stringify({ ...status, code: Number(fault) }))
}

/** Passes a watch on, line by line, as the fault has it. */
async function watch({ answer }: ProxiedCall, from: IncomingMessage, fault: WatchFault | undefined) {
  answer.writeHead(from.statusCode!, from.headers)
  answer.flushHeaders()
  if (fault === undefined || from.statusCode !== 200) {
    from.on('error', () => answer.destroy())
    return void from.pipe(answer)
  }
  if (fault === 'reset') setTimeout(() => answer.destroy(), WATCH_RESET_MS)
  if (fault === 'frozen') await Promise.race([sleep(WATCH_FROZEN_MS), once(answer, 'close')])
  let rest = ''
  for await (const chunk of from.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    if (fault === 'late') await sleep(WATCH_LATE_MS)
    for (const line of lines) for (let times = fault === 'twice' ? 2 : 1; times > 0; times--) answer.write(`${line}\n`)
  }
  answer.end()
}
