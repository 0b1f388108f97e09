import t from 'tap'
import {
  errorOf,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isNotAllowed,
  isNotFound,
  isRefused,
  isTerminating,
  isUnavailable,
  KubernetesError,
  traceOf,
} from '../../../src/kubernetes/errors.ts'
import type { Meaning } from '../../../src/kubernetes/meaning.ts'

const KEY = 'the-database-key'
const TERMINATING = [
  { reason: 'NamespaceTerminating', message: 'namespace x is being terminated', field: 'metadata.namespace' },
]
const ACCOUNT = 'system:serviceaccount:fluxiondb-provisioner:fluxiondb-provisioner'
const PLAIN = { secret: false, isRead: false }
const SECRET = { secret: true, isRead: false }
const READ = { secret: false, isRead: true }
const statusOf = (reason: string, message: string, causes: object[] = []) =>
  JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, details: { causes } })

t.test("tells Kubernetes' own reason, words and fields", async (t) => {
  const causes = [{ reason: 'FieldValueInvalid', message: 'must be greater', field: 'spec.resources' }]
  const error = errorOf(422, statusOf('Invalid', 'the claim is invalid', causes), PLAIN)
  t.match(error, { name: 'KubernetesError', status: 422, reason: 'Invalid', message: 'the claim is invalid', causes })
})

t.test('makes do with an answer that is not from Kubernetes', async (t) => {
  for (const body of ['', '<html>Bad Gateway</html>', '"text"', '{}', '[]', '1']) {
    t.match(
      errorOf(502, body, PLAIN),
      { status: 502, reason: 'HTTP 502', message: 'the API server answered 502' },
      body,
    )
  }
})

t.test('takes an answer of null for one that says nothing', async (t) => {
  t.match(errorOf(502, 'null', PLAIN), { status: 502, reason: 'HTTP 502' })
})

t.test('leaves out all words about a Secret, and keeps the reason', async (t) => {
  const causes = [{ reason: 'FieldValueInvalid', message: `${KEY} is invalid`, field: `data[${KEY}]` }]
  const error = errorOf(422, statusOf('Invalid', `Secret "x" is invalid: ${KEY}`, causes), SECRET)
  t.match(error, { status: 422, reason: 'Invalid', message: 'the API server refused a Secret: Invalid' })
  t.notMatch(JSON.stringify({ ...error, message: error.message, stack: error.stack }), KEY)
})

t.test('names who refuses a Secret, where the answer begins with nothing but names of the configuration', async (t) => {
  const policy = "ValidatingAdmissionPolicy 'trial-quoting'"
  const table: [status: number, words: string, message: string][] = [
    [
      500,
      `Internal error occurred: failed calling webhook "slow.example.com": failed to call webhook: ${KEY}`,
      'the API server refused a Secret: Why (failed calling webhook "slow.example.com")',
    ],
    [
      400,
      `admission webhook "strict.example.com" denied the request: ${KEY}`,
      'the API server refused a Secret: Why (admission webhook "strict.example.com" denied the request)',
    ],
    [
      422,
      `secrets "db-x-fluxiondb-secrets" is forbidden: ${policy} with binding 'b' denied request: ${KEY}`,
      `the API server refused a Secret: Why (${policy})`,
    ],
    [422, `${KEY}: admission webhook "${KEY}" denied the request`, 'the API server refused a Secret: Why'],
    [500, `failed calling webhook "${KEY}"`, 'the API server refused a Secret: Why'],
  ]
  for (const [status, words, message] of table) {
    const error = errorOf(status, statusOf('Why', words), SECRET)
    t.equal(error.message, message)
    t.notMatch(error.detail, KEY)
  }
})

t.test('tells what an answer means, which its status alone does not say', async (t) => {
  const pod = 'pods "db-x" is forbidden: '
  const webhook = 'admission webhook "strict.example.com" denied the request: no'
  const policy = `deployments.apps "db-x" is forbidden: ValidatingAdmissionPolicy 'strict' with binding 'strict' denied request: no`
  const table: [status: number, words: string, meaning: Meaning][] = [
    [400, 'Deployment in version "v1" cannot be handled', 'refused'],
    [403, `${pod}violates PodSecurity "restricted:latest": runAsNonRoot != true`, 'refused'],
    [403, `${pod}exceeded quota: db-x, requested: pods=1, used: pods=1, limited: pods=1`, 'refused'],
    [403, `${pod}maximum memory usage per Container is 1Gi, but limit is 2Gi`, 'refused'],
    [403, `${pod}no PriorityClass with name none was found`, 'refused'],
    [403, webhook, 'refused'],
    [400, webhook, 'refused'],
    [401, webhook, 'refused'],
    [404, webhook, 'refused'],
    [409, webhook, 'refused'],
    [401, policy, 'refused'],
    [403, policy, 'refused'],
    [413, policy, 'refused'],
    [422, 'Service "x" is invalid', 'refused'],
    [
      403,
      `pods is forbidden: User "${ACCOUNT}" cannot list resource "pods" in API group "" at the cluster scope`,
      'not-allowed',
    ],
    [
      403,
      `pods "x" is forbidden: User "${ACCOUNT}" cannot patch resource "pods/resize" in API group "" in the namespace "x"`,
      'not-allowed',
    ],
    [403, `forbidden: User "system:anonymous" cannot get path "/version"`, 'not-allowed'],
    [
      403,
      `services is forbidden: User "a" cannot create resource "services" in API group "" in the namespace "x": RBAC: clusterrole.rbac.authorization.k8s.io "y" not found`,
      'not-allowed',
    ],
    [
      403,
      `rolebindings.rbac.authorization.k8s.io "x" is forbidden: user "a" (groups=["b" "c"]) is attempting to grant RBAC permissions not currently held:\n{}`,
      'not-allowed',
    ],
    [403, '', 'not-allowed'],
    [401, 'Unauthorized', 'not-allowed'],
    [404, 'pods "x" not found', 'not-found'],
    [409, 'Operation cannot be fulfilled on pods "x"', 'conflict'],
    [409, 'namespaces "x" already exists', 'conflict'],
    [403, `${pod}status unknown for quota: db-x, resources: pods`, 'unavailable'],
    [403, `${pod}not yet ready to handle request`, 'unavailable'],
    [429, 'too many requests', 'unavailable'],
    [500, 'Internal error occurred: failed calling webhook "down.example.com": connection refused', 'unavailable'],
    [500, 'admission webhook "broken.example.com" denied the request: its own store does not answer', 'unavailable'],
    [503, 'etcdserver: no leader', 'unavailable'],
    [504, 'too late', 'unavailable'],
  ]
  for (const [status, words, meaning] of table) {
    t.equal(errorOf(status, statusOf('Why', words), PLAIN).meaning, meaning, `${status} ${words}`)
    const about = words.replace(/^pods/, 'secrets')
    t.equal(
      errorOf(status, statusOf('Why', about), SECRET).meaning,
      meaning,
      `the same of a Secret: ${status} ${words}`,
    )
  }
  t.equal(errorOf(403, statusOf('Forbidden', `${pod}being terminated`, TERMINATING), PLAIN).meaning, 'conflict')
  t.equal(new KubernetesError(0, 'Unreachable', 'ECONNREFUSED').meaning, 'unavailable')
})

t.test(
  'takes a read for refused by nobody: it is forbidden by the authorizer, or it is no answer of Kubernetes',
  async (t) => {
    t.equal(errorOf(403, statusOf('Forbidden', 'no, says a cloud'), READ).meaning, 'not-allowed')
    t.equal(errorOf(400, '<html>Bad Request</html>', READ).meaning, 'unavailable')
  },
)

t.test('says no name of the service in what callers are told, and all of it in what is logged', async (t) => {
  const words = `namespaces is forbidden: User "${ACCOUNT}" cannot create resource "namespaces"`
  for (const error of [
    errorOf(403, statusOf('Forbidden', words), PLAIN),
    new KubernetesError(403, 'Forbidden', words),
  ]) {
    t.equal(error.message, 'the cluster does not let this service do this now')
    t.same(traceOf(error), { status: 403, reason: 'Forbidden', detail: words })
  }
  const secret = `secrets is forbidden: User "a" cannot create resource "secrets" in API group "" in the namespace "x"`
  t.match(
    traceOf(errorOf(403, statusOf('Forbidden', secret), SECRET)).detail,
    /User "a" cannot create resource "secrets"/,
  )
})

t.test('logs of a failure that is not from a call its status or code, and no message', async (t) => {
  const refused = Object.assign(new Error('Bearer hunter2'), { statusCode: 401 })
  t.same(traceOf(refused), { status: 401, reason: 'HTTP 401' })
  const cause = Object.assign(new Error('hunter2'), { code: 'ECONNRESET' })
  t.same(traceOf(new TypeError('fetch failed', { cause })), { reason: 'ECONNRESET' })
  t.same(traceOf(new TypeError('hunter2')), { reason: 'TypeError' })
})

t.test('tells the causes of a failure apart', async (t) => {
  const errors = {
    isNotFound: errorOf(404, statusOf('NotFound', ''), PLAIN),
    isForbidden: errorOf(403, statusOf('Forbidden', ''), PLAIN),
    isAlreadyExists: errorOf(409, statusOf('AlreadyExists', ''), PLAIN),
    isConflict: errorOf(409, statusOf('Conflict', ''), PLAIN),
    isRefused: errorOf(422, statusOf('Invalid', ''), PLAIN),
    isUnavailable: errorOf(503, statusOf('ServiceUnavailable', ''), PLAIN),
  }
  const checks = { isNotFound, isForbidden, isAlreadyExists, isConflict, isRefused, isUnavailable }
  for (const [name, check] of Object.entries(checks)) {
    for (const [of, error] of Object.entries(errors)) t.equal(check(error), name === of, `${name}() of ${of}`)
    t.equal(check(new Error('404')), false, `${name}() of a foreign error`)
    t.equal(check(undefined), false)
  }
  const unknown = errorOf(401, statusOf('Unauthorized', 'Unauthorized'), READ)
  t.same([isNotAllowed(unknown), isForbidden(unknown)], [true, false], 'a right would not help who is not known')
  const denied = errorOf(409, statusOf('Conflict', 'admission webhook "a" denied the request: no'), PLAIN)
  t.equal(isConflict(denied), false, 'reading it again does not help against a webhook')
})

t.test('knows a namespace that is being deleted, from inside and from outside', async (t) => {
  const table: [what: string, error: unknown, expected: boolean][] = [
    ['creating in it', errorOf(403, statusOf('Forbidden', 'forbidden', TERMINATING), PLAIN), true],
    [
      'creating it again',
      errorOf(409, statusOf('AlreadyExists', 'object is being deleted: namespaces "x" already exists'), PLAIN),
      true,
    ],
    ['one that exists', errorOf(409, statusOf('AlreadyExists', 'namespaces "x" already exists'), PLAIN), false],
    ['one that is not ours', errorOf(403, statusOf('Forbidden', 'no right to do this'), PLAIN), false],
    ['a foreign error', new Error('object is being deleted'), false],
  ]
  for (const [what, error, expected] of table) t.equal(isTerminating(error), expected, what)
})

t.test('knows a namespace that is being deleted when a Secret is refused in it', async (t) => {
  t.equal(isTerminating(errorOf(403, statusOf('Forbidden', KEY, TERMINATING), SECRET)), true)
})
