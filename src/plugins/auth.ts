import type { TLSSocket } from 'node:tls'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { Authenticator, Identity, Scope } from '../credentials/identity.ts'
import { problem } from '../errors.ts'
import { failedAttempts } from './failed-attempts.ts'

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
    /** Judges the credential once more, for answers that last. @throws as the first time */
    admitAgain: (() => Promise<void>) | null
  }
}

export type AuthOptions = {
  credentials: Pick<Authenticator, 'identify'>
  /** Of each address; 0: no limit. */
  failuresPerMinute: number
  /** Whether clients must show a certificate besides their credential. */
  asksForCertificate: boolean
}

const NO_CREDENTIAL = 'Send a valid credential as "Authorization: Bearer KEY".'
const NO_CERTIFICATE = 'Connect with a client certificate that this service accepts.'
const BEARER = /^Bearer +(\S+)$/i

/**
 * Deny by default: a route that does not say which scope it needs stops the start, and a request is refused before its body
 * is read. A credential that is bound to a tenant is told of any other that it does not exist.
 */
export default plugin(async (app: FastifyInstance, options: AuthOptions) => {
  app.decorateRequest('identity', null)
  const attempts = await failedAttempts(app, options.failuresPerMinute)
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.scope === undefined) throw new Error(`the route ${method} ${url} does not say which scope it needs`)
  })
  app.decorateRequest('admitAgain', null)
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404 || request.routeOptions.config.scope === 'public') return
    const isCertified = !options.asksForCertificate || (request.raw.socket as TLSSocket).authorized
    const identity = isCertified ? await identify(request, options.credentials) : undefined
    if (identity === undefined) {
      await attempts.count(request, reply)
      throw problem('unauthenticated', isCertified ? NO_CREDENTIAL : NO_CERTIFICATE)
    }
    request.identity = identity
    authorize(request, identity)
    request.admitAgain = async () => {
      const now = await identify(request, options.credentials)
      if (now === undefined) throw problem('unauthenticated')
      authorize(request, now)
    }
  })
})

/** @throws problem `tenant-not-found` or `scope-missing` */
function authorize({ params, routeOptions }: FastifyRequest, identity: Identity): void {
  const { scope, unboundOnly } = routeOptions.config
  const { id: userId } = params as { id?: string }
  if (identity.userId !== undefined && userId !== undefined && userId !== identity.userId) {
    throw problem('tenant-not-found')
  }
  requireScope(identity, scope as Scope)
  if (unboundOnly && identity.userId !== undefined) {
    throw problem('scope-missing', 'A credential that is bound to a tenant cannot do this.')
  }
}

async function identify(
  { headers }: FastifyRequest,
  credentials: AuthOptions['credentials'],
): Promise<Identity | undefined> {
  const [, credential] = BEARER.exec(headers.authorization ?? '') ?? []
  return credential === undefined ? undefined : credentials.identify(credential)
}

/** @throws problem `scope-missing` */
export function requireScope({ scopes }: Identity, scope: Scope): void {
  if (!scopes.has(scope) && !scopes.has('admin')) {
    throw problem('scope-missing', `This needs the scope "${scope}".`)
  }
}
