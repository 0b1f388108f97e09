import type { RawRequests } from '../../src/kubernetes/raw.ts'
import { linesOf } from '../../src/kubernetes/watch/lines.ts'

type Event = { type: string; object?: { metadata?: { name: string; namespace?: string } } }

/** Tells what has become of a namespace: of those of all contenders by the same watch. */
export class Seen {
  readonly #path: string
  readonly #namespaceIn: (event: Event) => string | undefined
  readonly #seen = new Set<string>()
  readonly #waiting = new Map<string, () => void>()
  readonly #stopping = new AbortController()

  /** Of a tenant whose last object, its Deployment, is there. */
  static applied(): Seen {
    return new Seen('/apis/apps/v1/deployments', ({ object }) => object?.metadata?.namespace)
  }

  /** Of a tenant of which nothing is left. */
  static gone(): Seen {
    return new Seen('/api/v1/namespaces', ({ type, object }) =>
      type === 'DELETED' ? object?.metadata?.name : undefined,
    )
  }

  private constructor(path: string, namespaceIn: (event: Event) => string | undefined) {
    this.#path = path
    this.#namespaceIn = namespaceIn
  }

  async start(raw: RawRequests): Promise<void> {
    const { metadata } = await raw.get<{ metadata: { resourceVersion: string } }>(this.#path, { limit: '1' })
    const query = {
      watch: '1',
      resourceVersion: metadata.resourceVersion,
      timeoutSeconds: '3600',
      allowWatchBookmarks: '1',
    }
    const body = await raw.stream(this.#path, query, this.#stopping.signal)
    void this.#follow(body)
  }

  stop(): void {
    this.#stopping.abort()
  }

  /** Returns once it has been seen of a namespace. */
  in(namespace: string): Promise<void> {
    if (this.#seen.has(namespace)) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.set(namespace, resolve))
  }

  async #follow(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const line of linesOf(body)) {
        const namespace = this.#namespaceIn(JSON.parse(line))
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
