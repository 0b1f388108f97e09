import t from 'tap'
import {
  errorOf,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isNotFound,
  isTerminating,
  isUnavailable,
  KubernetesError,
} from '../../../src/kubernetes/errors.ts'

const KEY = 'the-database-key'
const TERMINATING = [
  { reason: 'NamespaceTerminating', message: 'namespace x is being terminated', field: 'metadata.namespace' },
]
const statusOf = (reason: string, message: string, causes: object[] = []) =>
  JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, details: { causes } })

t.test("tells Kubernetes' own reason, words and fields", async (t) => {
  const causes = [{ reason: 'FieldValueInvalid', message: 'must be greater', field: 'spec.resources' }]
  const error = errorOf(422, statusOf('Invalid', 'the claim is invalid', causes), false)
  t.match(error, { name: 'KubernetesError', status: 422, reason: 'Invalid', message: 'the claim is invalid', causes })
})

t.test('makes do with an answer that is not from Kubernetes', async (t) => {
  for (const body of ['', '<html>Bad Gateway</html>', '"text"', '{}', '[]', '1']) {
    t.match(
      errorOf(502, body, false),
      { status: 502, reason: 'HTTP 502', message: 'the API server answered 502' },
      body,
    )
  }
})

t.test('takes an answer of null for one that says nothing', async (t) => {
  t.match(errorOf(502, 'null', false), { status: 502, reason: 'HTTP 502' })
})

t.test('leaves out all words about a Secret, and keeps the reason', async (t) => {
  const causes = [{ reason: 'FieldValueInvalid', message: `${KEY} is invalid`, field: `data[${KEY}]` }]
  const error = errorOf(422, statusOf('Invalid', `Secret "x" is invalid: ${KEY}`, causes), true)
  t.match(error, { status: 422, reason: 'Invalid', message: 'the API server refused a Secret: Invalid' })
  t.notMatch(JSON.stringify({ ...error, message: error.message, stack: error.stack }), KEY)
})

t.test('tells the causes of a failure apart', async (t) => {
  const errors = {
    isNotFound: errorOf(404, statusOf('NotFound', ''), false),
    isForbidden: errorOf(403, statusOf('Forbidden', ''), false),
    isAlreadyExists: errorOf(409, statusOf('AlreadyExists', ''), false),
    isConflict: errorOf(409, statusOf('Conflict', ''), false),
  }
  const checks = { isNotFound, isForbidden, isAlreadyExists, isConflict }
  for (const [name, check] of Object.entries(checks)) {
    for (const [of, error] of Object.entries(errors)) t.equal(check(error), name === of, `${name}() of ${of}`)
    t.equal(check(new Error('404')), false, `${name}() of a foreign error`)
    t.equal(check(undefined), false)
  }
})

t.test('knows a namespace that is being deleted, from inside and from outside', async (t) => {
  const table: [what: string, error: unknown, expected: boolean][] = [
    ['creating in it', errorOf(403, statusOf('Forbidden', 'forbidden', TERMINATING), false), true],
    [
      'creating it again',
      errorOf(409, statusOf('AlreadyExists', 'object is being deleted: namespaces "x" already exists'), false),
      true,
    ],
    ['one that exists', errorOf(409, statusOf('AlreadyExists', 'namespaces "x" already exists'), false), false],
    ['one that is not ours', errorOf(403, statusOf('Forbidden', 'no right to do this'), false), false],
    ['a foreign error', new Error('object is being deleted'), false],
  ]
  for (const [what, error, expected] of table) t.equal(isTerminating(error), expected, what)
})

t.test('knows a namespace that is being deleted when a Secret is refused in it', async (t) => {
  t.equal(isTerminating(errorOf(403, statusOf('Forbidden', KEY, TERMINATING), true)), true)
})

t.test('tells an API server that cannot answer now from one that says no', async (t) => {
  const table: [status: number, reason: string, message: string, expected: boolean][] = [
    [0, 'Unreachable', 'ECONNREFUSED', true],
    [0, 'Timeout', 'too late', true],
    [429, 'TooManyRequests', 'later', true],
    [500, 'InternalError', 'etcd', true],
    [503, 'ServiceUnavailable', '', true],
    [504, 'Timeout', '', true],
    [403, 'Forbidden', 'status unknown for quota: db-x, resources: pods', true],
    [403, 'Forbidden', 'exceeded quota: db-x', false],
    [400, 'BadRequest', '', false],
    [401, 'Unauthorized', '', false],
    [404, 'NotFound', '', false],
    [409, 'Conflict', '', false],
    [422, 'Invalid', '', false],
  ]
  for (const [status, reason, message, expected] of table) {
    t.equal(isUnavailable(new KubernetesError(status, reason, message)), expected, `${status} ${reason} ${message}`)
  }
  t.equal(isUnavailable(new TypeError('fetch failed')), false)
})
