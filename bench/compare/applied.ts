import type { RawRequests } from '../../src/kubernetes/raw.ts'
import { linesOf } from '../../src/kubernetes/watch/lines.ts'

const PATH = '/apis/apps/v1/deployments'

/** Tells when the last object of a tenant, its Deployment, is there: for all contenders by the same watch. */
export class Applied {
  readonly #seen = new Set<string>()
  readonly #waiting = new Map<string, () => void>()
  readonly #stopping = new AbortController()

  async start(raw: RawRequests): Promise<void> {
    const { metadata } = await raw.get<{ metadata: { resourceVersion: string } }>(PATH, { limit: '1' })
    const query = {
      watch: '1',
      resourceVersion: metadata.resourceVersion,
      timeoutSeconds: '3600',
      allowWatchBookmarks: '1',
    }
    const body = await raw.stream(PATH, query, this.#stopping.signal)
    void this.#follow(body)
  }

  stop(): void {
    this.#stopping.abort()
  }

  /** Returns once a namespace has a Deployment. */
  in(namespace: string): Promise<void> {
    if (this.#seen.has(namespace)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.set(namespace, resolve))
  }

  async #follow(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const line of linesOf(body)) {
        const namespace = JSON.parse(line).object?.metadata?.namespace
        if (namespace === undefined) continue
        this.#seen.add(namespace)
        this.#waiting.get(namespace)?.()
        this.#waiting.delete(namespace)
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error
    }
  }
}
