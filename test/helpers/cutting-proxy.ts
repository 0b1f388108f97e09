import { buffer } from 'node:stream/consumers'
import { resourceOf } from '../../src/kubernetes/resource.ts'
import { type ProxiedCall, startApiProxy } from './api-proxy.ts'

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** Who one is, and what one may, is asked by a POST that writes nothing. */
const QUESTION = /^\/apis\/auth(entication|orization)\.k8s\.io\//

/** One write to the API server; the first is number 1. */
export type Write = { number: number; method: string; resource: string; path: string; body: string }

/**
 * What happens to a write. `cut`: its writer is killed when the API server has answered, and never learns of it; `hold`: it
 * does not arrive and is not answered; `until`: it arrives later; else the answer that is given in the API server's place.
 */
export type Fault = 'cut' | 'hold' | { until: Promise<unknown> } | { status: number; body: string }

export type CuttingProxy = {
  /** For the process that shall be cut off: the same account, by way of this proxy. */
  kubeconfig: string
  /** All writes that have come so far. */
  writes: readonly Write[]
  /** Kills the process under test. Set it before the write that is to be cut. */
  kill: () => void
  /** Resolves when a write was cut. From then on nothing passes any more. */
  cut: Promise<Write>
  close(): Promise<void>
}

/**
 * A fault injector between a service and the API server: lets everything pass but the writes that `faultFor` names.
 * @param kubeconfig with a token; the connection to the proxy is plain HTTP on this machine
 */
export async function startCuttingProxy(
  kubeconfig: string,
  faultFor: (write: Write) => Fault | undefined,
): Promise<CuttingProxy> {
  const { promise: cut, resolve: onCut } = Promise.withResolvers<Write>()
  const writes: Write[] = []
  let isCut = false

  async function handle(call: ProxiedCall): Promise<void> {
    const { answer, send, pass } = call
    const write = writeOf(call)
    const fault = write && faultFor(write)
    if (fault === 'hold') return
    if (typeof fault === 'object' && 'until' in fault) await fault.until
    if (isCut) answer.destroy()
    else if (fault === 'cut') {
      isCut = true
      await buffer(await send())
      proxy.kill()
      answer.destroy()
      onCut(write!)
    } else if (typeof fault === 'object' && 'status' in fault) {
      answer.writeHead(fault.status, { 'content-type': 'application/json' }).end(fault.body)
    } else pass(await send())
  }

  function writeOf({ method, path, query, url, body }: ProxiedCall): Write | undefined {
    if (!WRITES.has(method) || QUESTION.test(path) || query.has('dryRun')) return undefined
    const resource = resourceOf(url.split('?')[0]!)
    const write = { number: writes.length + 1, method, resource, path, body: body.toString() }
    writes.push(write)
    return write
  }

  const through = await startApiProxy(kubeconfig, handle)
  const proxy: CuttingProxy = {
    kubeconfig: through.kubeconfig,
    writes,
    kill: () => {
      throw new Error('the proxy was not told what to kill')
    },
    cut,
    close: through.close,
  }
  return proxy
}
