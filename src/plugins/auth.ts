import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Scope } from '../credentials/credential.ts'
import type { CredentialStore, Identity } from '../credentials/store.ts'
import { problem } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that the route needs; `public`: no credential at all. Every route must say. */
    scope?: Scope | 'public'
    /** The route creates tenants, so a credential that is bound to one cannot use it. */
    unboundOnly?: boolean
  }
  interface FastifyRequest {
    /** Who asks. Set on every route but the public ones. */
    identity: Identity | null
  }
}

const BEARER = /^Bearer +(\S+)$/i

/**
 * Deny by default: a route that does not say which scope it needs stops the start, and a request is refused before its body
 * is read. A credential that is bound to a tenant is told of any other that it does not exist.
 */
export default plugin(async (app: FastifyInstance, { credentials }: { credentials: CredentialStore }) => {
  app.decorateRequest('identity', null)
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.scope === undefined) throw new Error(`the route ${method} ${url} does not say which scope it needs`)
  })
  app.addHook('onRequest', async (request) => {
    const { scope, unboundOnly } = request.routeOptions.config
    if (request.is404 || scope === 'public') return
    const identity = identify(request, credentials)
    request.identity = identity
    const { id: userId } = request.params as { id?: string }
    if (identity.userId !== undefined && userId !== undefined && userId !== identity.userId) {
      throw problem('tenant-not-found')
    }
    requireScope(identity, scope!)
    if (unboundOnly && identity.userId !== undefined) {
      throw problem('scope-missing', 'A credential that is bound to a tenant cannot do this.')
    }
  })
})

function identify({ headers }: FastifyRequest, credentials: CredentialStore): Identity {
  const [, credential] = BEARER.exec(headers.authorization ?? '') ?? []
  const identity = credential === undefined ? undefined : credentials.identify(credential)
  if (identity === undefined)
    throw problem('unauthenticated', 'Send a valid credential as "Authorization: Bearer KEY".')
  return identity
}

/** @throws problem `scope-missing` */
export function requireScope({ scopes }: Identity, scope: Scope): void {
  if (!scopes.has(scope) && !scopes.has('admin')) {
    throw problem('scope-missing', `This needs the scope "${scope}".`)
  }
}
