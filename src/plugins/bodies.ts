import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { type FieldError, problem } from '../errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A request without a body says the same as one with an empty object. */
    optionalBody?: boolean
  }
}

const JSON_TYPE = 'application/json'
/** The type that RFC 7396 gives to a merge patch. Sent as plain JSON it means the same here. */
const MERGE_PATCH = 'application/merge-patch+json'

type Parsed = (error: Error | null, body?: unknown) => void

/** The media types that a body may have. */
export function typesFor(method: string): string[] {
  return method === 'PATCH' ? [JSON_TYPE, MERGE_PATCH] : [JSON_TYPE]
}

/**
 * Reads bodies: JSON, or nothing. Clients and proxies frame nothing in many ways: with a type of any kind, with a length of
 * zero, in chunks. All of these are no body. A body that a route does not take is refused rather than ignored.
 */
export default plugin(async (app: FastifyInstance) => {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([JSON_TYPE, MERGE_PATCH], { parseAs: 'buffer' }, (request, body: Buffer, done: Parsed) => {
    if (body.length === 0) return done(null)
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') return done(encoded())
    // Else characters that are none would be replaced, and stored so.
    if (!isUtf8(body)) return done(problem('invalid-request', 'The body is not valid JSON: it must be UTF-8.'))
    parseJson(request, body.toString(), done as never)
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done: Parsed) =>
    done(body.length === 0 ? null : unsupported(request)),
  )
  // Fastify reads no body with these, so one would be ignored.
  for (const method of ['GET', 'HEAD']) app.addHttpMethod(method, { hasBody: true, overrideExisting: true })

  app.addHook('onRoute', ({ method, schema }) => {
    if (schema?.body) schema.consumes = typesFor(String(method))
  })
  app.addHook('preParsing', async (request) => {
    const { headers, method } = request
    const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(/[\s;]/, 1)
    if (typesFor(method).includes(type)) headers['content-type'] = type
    else if (Number(headers['content-length']) > 0) throw unsupported(request)
    // A type without a body says nothing, not even if it is malformed.
    else delete headers['content-type']
  })
  app.addHook('preValidation', async (request) => {
    const { body, routeOptions } = request
    if (body === undefined && routeOptions.config.optionalBody) request.body = {}
    if (body === undefined || routeOptions.schema?.body) return
    const errors = unwanted(body)
    if (errors.length === 0) return
    const message = `${request.method} takes no body here; what a request asks for stands in its query`
    throw problem('invalid-request', `${message}.`, { errors })
  })
  // RFC 9110, 15.5.16, and RFC 5789, 2.2.
  app.addHook('onSend', async ({ method }, reply) => {
    if (reply.statusCode !== 415) return
    const types = typesFor(method).join(', ')
    reply.headers({ accept: types, 'accept-encoding': 'identity' })
    if (method === 'PATCH') reply.header('accept-patch', types)
  })
})

function unsupported({ method }: FastifyRequest) {
  return problem('unsupported-media-type', `Send the body as ${typesFor(method).join(' or ')}.`)
}

function encoded() {
  return problem('unsupported-media-type', 'Send the body without a content coding.')
}

/** What a body says where none is taken: an empty object says nothing. */
function unwanted(body: unknown): FieldError[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return [{ pointer: '/', message: 'is not taken here' }]
  }
  return Object.keys(body).map((key) => ({ pointer: `/${key}`, message: 'is not a known field' }))
}
