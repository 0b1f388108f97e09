/** Ways into the service besides keys, on a real cluster: tokens of an issuer and of ServiceAccounts, through TLS, with certificates. */
import { copyFileSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:tls'
import t from 'tap'
import { Agent, request } from 'undici'
import type { Link } from '../../src/audit/trail.ts'
import { fetchJsonWith } from '../../src/credentials/fetch-bounded.ts'
import { until } from '../helpers/api.ts'
import { Canaries } from '../helpers/canaries.ts'
import { certificates } from '../helpers/certificates.ts'
import { testCluster } from '../helpers/cluster.ts'
import { AUDIENCE, anIssuer, newKey } from '../helpers/issuer.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

t.testdir({ own: {}, other: {} })
const cluster = await testCluster()
const [own, other] = [await certificates(t, 'own'), await certificates(t, 'other')]
const userId = newUserId(t, cluster, 'ways-in')
const canaries = new Canaries()

/** A server on this machine with the certificate of the test's own authority. */
async function listening(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer({ cert: own.text('server.crt'), key: own.text('server.key') }, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let documents: Record<string, unknown> = {}
const issuerAddress = await listening(({ url }, response) => {
  const document = documents[`${issuerAddress}${url}`]
  response.statusCode = document === undefined ? 404 : 200
  response.end(JSON.stringify(document ?? {}))
})
const issuer = await anIssuer(issuerAddress)
documents = issuer.documents

/** What the listener reads, which is replaced as a mounted Secret would be. */
const show = (from: typeof own) => {
  for (const file of ['server.crt', 'server.key']) copyFileSync(from.path(file), own.path(`shown-${file}`))
}
show(own)
const audit = own.path('audit.jsonl')
const namespace = 'default'
const account = `caller-${userId}`
const service = await serve(
  t,
  cluster,
  {
    TLS_CERT_FILE: own.path('shown-server.crt'),
    TLS_KEY_FILE: own.path('shown-server.key'),
    TLS_CLIENT_CA_FILE: own.path('ca.crt'),
    OIDC_ISSUER: issuerAddress,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_CA_FILE: own.path('ca.crt'),
    OIDC_TENANT_CLAIM: 'tenant',
    TOKEN_REVIEW_AUDIENCE: AUDIENCE,
    AUDIT_FILE: audit,
    LOG_LEVEL: 'trace',
  },
  { serviceAccounts: [{ name: `${namespace}/${account}`, scopes: ['read'], userId }] },
)

const client = { cert: own.text('client.crt'), key: own.text('client.key') }
/** Sends a request, with the client's certificate unless it is told otherwise. */
async function ask(
  path: string,
  credential?: string,
  tls: object = client,
  method: 'GET' | 'POST' = 'GET',
  body?: object,
) {
  const dispatcher = new Agent({ connect: { ca: own.text('ca.crt'), ...tls }, pipelining: 0 })
  try {
    const answer = await request(service.address + path, {
      dispatcher,
      method,
      headers: {
        ...(credential && { authorization: `Bearer ${credential}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text }
  } finally {
    await dispatcher.close()
  }
}
await until('it is ready', async () => (await ask('/readyz')).status === 200)

t.test('the service speaks TLS, and nothing else', async (t) => {
  t.match(service.address, /^https:/)
  await t.rejects(request(service.address.replace('https', 'http')), 'plain HTTP is not answered')
  await t.rejects(
    ask('/readyz', undefined, { ca: other.text('ca.crt') }),
    'who knows another authority does not connect',
  )
  await t.rejects(ask('/readyz', undefined, { ...client, maxVersion: 'TLSv1.1' }), 'nor does who is too old')
})

t.test('a client needs a certificate besides its credential, a probe does not', async (t) => {
  t.equal((await ask('/livez', undefined, {})).status, 200)
  const stranger = { cert: other.text('client.crt'), key: other.text('client.key') }
  for (const tls of [{}, stranger]) {
    t.match(await ask('/tenants', service.key, tls), { status: 401, body: { detail: /client certificate/ } })
  }
  t.match(await ask('/tenants'), { status: 401, body: { detail: /valid credential/ } })
  t.equal((await ask('/tenants', service.key)).status, 200)
})

t.test('a token of the issuer opens what its claims say', async (t) => {
  const scope = 'fluxiondb:write fluxiondb:read'
  const token = canaries.add('oidc', await issuer.token({ sub: 'shop', tenant: '*', scope }))
  t.match(await ask('/tenants', token, client, 'POST', { userId, ramSize: '128Mi' }), { status: 202 })
  const bound = canaries.add('bound', await issuer.token({ tenant: userId }))
  await until('it is there', async () => (await ask(`/tenants/${userId}`, bound)).status === 200)
  t.equal((await ask('/tenants/another', bound)).status, 404)
  t.match(await ask(`/tenants/${userId}/logs`, bound), { status: 403, body: { code: 'scope-missing' } })
  const entries = readFileSync(audit, 'utf8').trim().split('\n')
  const created = entries
    .map((line) => (JSON.parse(line) as { audit: Link }).audit)
    .find(({ tenant }) => tenant === userId)
  t.match(created, { credential: 'oidc:shop', action: 'POST /tenants', status: 202 })
})

t.test('a token that the issuer has not made for this service opens nothing', async (t) => {
  const stranger = await newKey('first')
  const wrong = {
    'for another audience': issuer.token({ tenant: '*', aud: 'other' }),
    'that has expired': issuer.token({ tenant: '*', exp: 1 }),
    'without a tenant': issuer.token(),
    'signed by a stranger': issuer.token({ tenant: '*' }, {}, stranger),
  }
  for (const [what, token] of Object.entries(wrong)) {
    const { status } = await ask('/tenants', canaries.add('wrong', await token))
    t.equal(status, 401, what)
  }
})

t.test('a ServiceAccount opens what is granted to it, with a token that is made for this service', async (t) => {
  const { core } = cluster.admin
  const tokenFor = async (name: string, ...audiences: string[]) => {
    const body = { spec: { audiences, expirationSeconds: 600 } }
    const { status } = await core.createNamespacedServiceAccountToken({ name, namespace, body })
    return canaries.add('account', status!.token)
  }
  for (const name of [account, `${account}-2`]) {
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } })
    t.teardown(() => core.deleteNamespacedServiceAccount({ name, namespace }).catch(() => {}))
  }
  const token = await tokenFor(account, AUDIENCE)
  t.match(await ask(`/tenants/${userId}`, token), { status: 200, body: { userId } })
  t.equal((await ask('/tenants/another', token)).status, 404)
  t.equal((await ask('/tenants', await tokenFor(account))).status, 401, 'one for the API server is not for us')
  t.equal((await ask('/tenants', await tokenFor(`${account}-2`, AUDIENCE))).status, 401, 'another account has no grant')
  const forged = token.replace(/\.[^.]+$/, `.${Buffer.alloc(256).toString('base64url')}`)
  t.equal((await ask('/tenants', canaries.add('forged', forged))).status, 401, 'the signature counts')
  await core.deleteNamespacedServiceAccount({ name: account, namespace })
  await until('the token of a deleted account opens nothing', async () => (await ask('/tenants', token)).status === 401)
})

const shown = () =>
  new Promise<string>((resolve, reject) => {
    const { hostname: host, port } = new URL(service.address)
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })

t.test('a renewed certificate is shown without a restart, and one that cannot be used is not', async (t) => {
  const before = await shown()
  copyFileSync(other.path('server.crt'), own.path('shown-server.crt'))
  await until('it is said', async () => service.log.some((line) => /the certificate cannot be renewed/.test(line)))
  t.equal(await shown(), before, 'half of it is not taken')
  show(other)
  await until('the new one is shown', async () => (await shown()) !== before)
  t.equal((await ask('/tenants', service.key, { ...client, ca: other.text('ca.crt') })).status, 200)
  t.match(
    await ask('/tenants', service.key, { ca: other.text('ca.crt') }),
    { status: 401 },
    'clients need their certificate as before',
  )
})

t.test('no token is in the log or the audit', async (t) => {
  t.same(canaries.in(service.log.join('\n') + readFileSync(audit, 'utf8')), [])
})

t.test('an issuer cannot lead the service astray, nor hold it up', async (t) => {
  const address = await listening(({ url }, response) => {
    if (url === '/redirect') response.writeHead(302, { location: `${issuerAddress}/keys` }).end()
    else if (url === '/huge') {
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65536)));
        response.once('drain', write)
      }
      write()
    } else if (url === '/text') response.end('<html>')
    else if (url !== '/never') response.write('{')
  })
  const read = fetchJsonWith(own.text('ca.crt'))
  await Promise.all([
    t.rejects(read(`${address}/redirect`), { message: /answers 302/ }),
    t.rejects(read(`${address}/huge`), { message: /more than 262144 bytes/ }),
    t.rejects(read(`${address}/text`), { message: /does not answer JSON/ }),
    t.rejects(read(`${address}/slow`), { message: /did not answer within 5 s/ }),
    t.rejects(read(`${address}/never`), { message: /did not answer within 5 s/ }),
    t.rejects(read(address.replace('https', 'http')), { message: /is not https/ }),
    t.rejects(fetchJsonWith(other.text('ca.crt'))(`${address}/text`), { message: /cannot be read/ }),
  ])
})
