import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** How a request ended: with its reply's status, which nobody has read to the end if the caller had left. */
export type End = { request: FastifyRequest; reply: FastifyReply; hasLeft: boolean; seconds: number }

type Followed = { hasLeft: boolean; isAnswered: boolean; tell: () => void }

/**
 * Tells of the end of every request, once each. Fastify's `onResponse` never comes where a caller hangs up before the answer, though
 * the write goes on. Here the end is then when it has been carried out and would have been answered.
 */
export class RequestEnds {
  readonly #listeners: ((end: End) => void)[] = []
  readonly #followed = new WeakMap<ServerResponse, Followed>()
  readonly #latest = new WeakMap<Socket, ServerResponse>()

  onEnd(listener: (end: End) => void): void {
    this.#listeners.push(listener)
  }

  /** To be called as each request begins. */
  follow(request: FastifyRequest, reply: FastifyReply): void {
    const { raw } = reply
    const startedAt = performance.now()
    const followed: Followed = {
      hasLeft: false,
      isAnswered: false,
      tell: () => {
        if (!this.#followed.delete(raw)) return
        const end = { request, reply, hasLeft: followed.hasLeft, seconds: (performance.now() - startedAt) / 1000 }
        for (const listener of this.#listeners) listener(end)
      },
    }
    this.#followed.set(raw, followed)
    this.#latest.set(request.raw.socket, raw)
    raw.once('finish', followed.tell)
    raw.once('close', () => {
      followed.hasLeft = true
      // One that a plugin has taken over is answered by nobody else.
      if (followed.isAnswered || reply.sent) followed.tell()
    })
  }

  /** To be added once all plugins that change answers are. */
  addTo(app: FastifyInstance): void {
    app.addHook('onSend', async (_request, { raw }) => {
      const followed = this.#followed.get(raw)
      if (followed === undefined) return
      followed.isAnswered = true
      if (followed.hasLeft) followed.tell()
    })
  }

  /** The answer that is still to be sent on this connection, if a request of it is under way. */
  pendingOn(socket: Socket): ServerResponse | undefined {
    const latest = this.#latest.get(socket)
    return latest && this.#followed.has(latest) ? latest : undefined
  }
}
