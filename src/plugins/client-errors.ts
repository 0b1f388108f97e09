import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Static } from '@sinclair/typebox'
import { type Problem, problem } from '../errors.ts'
import type { ProblemSchema } from '../schemas/problem.ts'
import type { RequestEnds } from './request-ends.ts'

/**
 * Answers what comes over a connection and never becomes a request: what is no HTTP, has too large headers, or does not come to an end.
 * @param onRefused told of each; where a request was under way its own end tells of it
 */
export function clientErrorHandler(ends: RequestEnds, onRefused: (status: number) => void) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    // There is nobody to answer.
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const failure = problemFor(error.code)
    const pending = ends.pendingOn(socket)
    if (pending === undefined) onRefused(failure.status)
    // A second answer must not get into the first one.
    if (socket.writable && !pending?.headersSent) socket.write(answer(failure))
    socket.destroy(error)
  }
}

function problemFor(code: string | undefined): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('request-timeout', undefined, { retryable: true })
  if (code === 'HPE_HEADER_OVERFLOW') return problem('headers-too-large')
  return problem('invalid-request', 'What was sent is not valid HTTP.')
}

function answer({ code, title, status, message, retryable }: Problem): string {
  const document: Static<typeof ProblemSchema> = {
    type: `urn:fluxiondb-provisioner:problem:${code}`,
    title,
    status,
    detail: message,
    instance: '',
    code,
    requestId: randomUUID(),
    retryable,
    errors: [],
  }
  const body = JSON.stringify(document)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${document.requestId}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')
}
