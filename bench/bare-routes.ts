import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify from 'fastify'

/** A Fastify route that checks a credential as this service does and answers text that it has: what any route must cost. */
export async function startBareRoutes(text: string) {
  const key = 'fxp_bare0000_credential'
  const digest = createHash('sha256').update(key).digest()
  const app = Fastify({ logger: false })
  app.addHook('onRequest', async ({ headers }, reply) => {
    const given = createHash('sha256')
      .update(headers.authorization?.slice('Bearer '.length) ?? '')
      .digest()
    if (!timingSafeEqual(given, digest)) await reply.code(401).send()
  })
  app.get('/', async (_request, reply) => reply.type('application/json').send(text))
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return { address, init: { headers: { authorization: `Bearer ${key}` } }, close: () => app.close() }
}
