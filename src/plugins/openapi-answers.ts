type Answer = { description: string; content?: Record<string, { schema: { $ref?: string } }>; headers?: object }
type Operation = {
  operationId: string
  security?: unknown[]
  requestBody?: { required: boolean }
  responses: Record<string, Answer>
}
export type Paths = Record<string, Record<string, Operation>>

const text = (description: string) => ({ description, schema: { type: 'string' } })
const seconds = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } })

/** Headers of answers, as components. */
export const HEADERS = {
  ETag: text('Stands for what is desired; for If-Match and If-None-Match.'),
  Location: text('Where the tenant is, relative to this address.'),
  'Retry-After': seconds('Seconds after which to look, or to try, again.'),
  'X-Request-Id': text('Stands in the log too; that of the request, if it has one.'),
}

const DONE: Record<string, string> = {
  200: 'Done.',
  201: 'It was created.',
  202: 'Accepted; it goes on by itself. `operation` says how far it has come.',
  204: 'Done; there is nothing left to show.',
}
/** Statuses that a caller acts on by what they are. All others are the `default`. */
const PARTICULAR = new Set(['401', '404', '409', '412', '422'])

/**
 * Makes the answers of the document what client generators like: no failure stands at an operation that it says nothing of, each
 * answer has words and its headers.
 */
export function completeAnswers(paths: Paths): void {
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    if (operation.security?.length !== 0) defaultProblem(operation)
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (answer.description === 'Default Response') answer.description = DONE[status] ?? 'Done.'
      answer.headers = headersOf(status, answer)
    }
  }
}

function defaultProblem({ responses }: Operation): void {
  const failures = Object.keys(responses).filter((status) => Number(status) >= 400)
  const [any] = failures
  if (any === undefined) return
  const { content } = responses[any]!
  for (const status of failures) if (!PARTICULAR.has(status)) delete responses[status]
  responses.default = {
    description: 'It failed: `code` says why, `retryable` whether the same request may succeed later.',
    ...(content ? { content } : {}),
  }
}

function headersOf(status: string, { content }: Answer): object {
  const isTenant = content?.['application/json']?.schema.$ref === '#/components/schemas/Tenant'
  const names = [
    ...((isTenant && Number(status) < 300) || status === '304' ? ['ETag'] : []),
    ...(isTenant && (status === '201' || status === '202') ? ['Location'] : []),
    ...(status === '202' || status === '409' || status === 'default' ? ['Retry-After'] : []),
    'X-Request-Id',
  ]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
