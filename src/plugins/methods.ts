import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { problem } from '../errors.ts'
import { typesFor } from './bodies.ts'

/**
 * Makes every address answer the methods that it does not have: 405 with those that it has (RFC 9110, 15.5.6), and OPTIONS with
 * the same. Nothing of such a request is read, nor is a credential asked for: which routes there are is public.
 * @returns adds these answers; to be called when all routes are there
 */
export function otherMethods(app: FastifyInstance): () => void {
  const urls = new Set<string>()
  app.addHook('onRoute', ({ url }) => {
    urls.add(url)
  })
  app.addHook('onRequest', async ({ is404 }) => {
    if (is404) throw problem('route-not-found')
  })
  return () => {
    for (const url of [...urls]) {
      const methods = app.supportedMethods.filter((method) => app.hasRoute({ method: method as HTTPMethods, url }))
      const allow = [...methods, 'OPTIONS'].sort().join(', ')
      const rest = app.supportedMethods.filter((method) => !methods.includes(method) && method !== 'OPTIONS')
      const route = { url, config: { scope: 'public' }, schema: { hide: true }, exposeHeadRoute: false } as const
      const refuse = async (_request: FastifyRequest, reply: FastifyReply) => {
        reply.header('allow', allow)
        throw problem('method-not-allowed', `This address has ${allow}.`)
      }
      app.route({ ...route, method: rest, onRequest: refuse, handler: refuse })
      app.route({
        ...route,
        method: 'OPTIONS',
        handler: async (_request, reply) => {
          if (methods.includes('PATCH')) reply.header('accept-patch', typesFor('PATCH').join(', '))
          return reply.code(204).header('allow', allow).send()
        },
      })
    }
  }
}
