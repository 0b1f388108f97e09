import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { type FieldError, Problem, problem } from '../errors.ts'
import { isRefused, isUnavailable, KubernetesError, traceOf } from '../kubernetes/errors.ts'
import type { Meaning } from '../kubernetes/meaning.ts'
import { UnreadableSpecError } from '../tenants/record/spec.ts'

/** Seconds after which a caller should try again what may succeed then. */
const RETRY_AFTER_SECONDS = 2

/** Every failure leaves as a problem document (RFC 9457). Only here are foreign errors turned into our own. */
export default plugin(async (app: FastifyInstance) => {
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => send(problem('route-not-found'), request, reply))
})

/** Answers any failure. */
export function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(translate(error, request), request, reply)
}

function send(failure: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, status, title, message, errors, retryable } = failure
  if (retryable && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  // Else Fastify closes the connection, and a caller that still sends its body meets a reset in place of this answer.
  if (status === 413) reply.removeHeader('connection')
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: `urn:fluxiondb-provisioner:problem:${code}`,
      title,
      status,
      detail: message,
      // Without the query, which a confused client may have put a key into.
      instance: request.url.split('?')[0],
      code,
      requestId: request.id,
      retryable,
      errors,
    })
}

function translate(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  if (error instanceof UnreadableSpecError) {
    request.log.error({ at: error.at }, 'the record of a tenant cannot be read')
    return problem('record-unreadable', `${error.message}; an operator has to mend it.`)
  }
  if (error instanceof KubernetesError) return fromCluster(error, request)
  if (error.validation) return invalid(error)
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return problem('unsupported-media-type', 'Send the body as application/json.')
    case 'FST_ERR_HANDLER_TIMEOUT':
      return problem('handler-timeout', 'What was begun goes on; ask again, a write with the same Idempotency-Key.')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('body-too-large')
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return problem('invalid-request', 'The body is not valid JSON.')
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return problem('invalid-request', error.message)
  // Its message may hold anything; the log has it with the request id, the caller gets the id.
  request.log.error({ name: error.name, stack: error.stack }, 'a request failed')
  return problem('internal-error', 'The service failed; its log has more under this request id.')
}

/** A caller is told of a refusal only where the caller has asked for a change; all else is not the caller's fault, and may pass. */
function fromCluster(error: KubernetesError, request: FastifyRequest): Problem {
  if (!isUnavailable(error)) request.log.warn(traceOf(error), 'the cluster refused what a request needs')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (isRefused(error) && !isRead) {
    const errors = error.causes.map(({ field, message }) => ({ pointer: field, message }))
    return problem('refused-by-cluster', `The cluster says: ${error.message}`, { errors })
  }
  return problem('cluster-unavailable', `${UNTOLD[error.meaning] ?? error.message}; nothing is lost, try again.`)
}

/** Where the cluster's own words would name objects that a caller has not asked about. */
const UNTOLD: Readonly<Partial<Record<Meaning, string>>> = {
  conflict: 'somebody else is changing the same objects of the cluster now',
  'not-found': 'an object of the cluster has gone meanwhile',
  refused: 'the cluster gave an answer that this service cannot use',
}

function invalid({ validation = [], validationContext }: FastifyError): Problem {
  const errors = validation.map(({ instancePath, message = 'is not valid', params, keyword }): FieldError => {
    const extra = keyword === 'additionalProperties' ? `/${params.additionalProperty}` : ''
    const missing = keyword === 'required' ? `/${params.missingProperty}` : ''
    const pointer = `${instancePath}${extra}${missing}` || '/'
    return { pointer: validationContext === 'body' ? pointer : pointer.slice(1), message: worded(keyword, message) }
  })
  return problem('invalid-request', errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; '), {
    errors,
  })
}

function worded(keyword: string, message: string): string {
  if (keyword === 'additionalProperties') return 'is not a known field'
  return keyword === 'required' ? 'is missing' : message
}
