import t from 'tap'
import { newCredential } from '../../../src/credentials/credential.ts'
import { CredentialsError, parseCredentials } from '../../../src/credentials/store.ts'

const { key, entry } = newCredential({ name: 'admin', scopes: ['admin'] })
const without = (field: keyof typeof entry) =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field))

const BAD: Record<string, [content: unknown, says: RegExp]> = {
  'is no JSON': [`{"keys": [${key}]}`, /is not JSON/],
  'is empty': ['', /is not JSON/],
  'is a list': [[entry], /not valid at \//],
  'has no keys': [{}, /not valid at \/keys/],
  'has an unknown field': [{ keys: [], other: 1 }, /not valid at \/:/],
  'has an entry with an unknown field': [{ keys: [{ ...entry, key }] }, /not valid at \/keys\/0:/],
  'has an entry without an id': [{ keys: [without('id')] }, /not valid at \/keys\/0\/id/],
  'has an entry without a digest': [{ keys: [without('sha256')] }, /not valid at \/keys\/0\/sha256/],
  'has an entry without scopes': [{ keys: [without('scopes')] }, /not valid at \/keys\/0\/scopes/],
  'has an entry with no scope': [{ keys: [{ ...entry, scopes: [] }] }, /not valid at \/keys\/0\/scopes/],
  'has an entry with an unknown scope': [
    { keys: [{ ...entry, scopes: ['all'] }] },
    /not valid at \/keys\/0\/scopes\/0/,
  ],
  'has the credential for a digest': [{ keys: [{ ...entry, sha256: key }] }, /not valid at \/keys\/0\/sha256/],
  'has the credential for an id': [{ keys: [entry, { ...entry, id: key }] }, /not valid at \/keys\/1\/id/],
  'has the credential for a scope': [{ keys: [{ ...entry, scopes: [key] }] }, /not valid at \/keys\/0\/scopes\/0/],
  'has the credential for a size': [{ keys: [{ ...entry, maxRamSize: key }] }, /at \/keys\/0\/maxRamSize: must be/],
  'has the credential for a date': [{ keys: [{ ...entry, expiresAt: key }] }, /at \/keys\/0\/expiresAt/],
  'has an empty user id': [{ keys: [{ ...entry, userId: '' }] }, /not valid at \/keys\/0\/userId/],
  'has a ServiceAccount without a namespace': [
    { keys: [], serviceAccounts: [{ name: 'backend', scopes: ['read'] }] },
    /not valid at \/serviceAccounts\/0\/name/,
  ],
  'has a ServiceAccount with no size': [
    { keys: [], serviceAccounts: [{ name: 'sales/backend', scopes: ['read'], maxRamSize: key }] },
    /at \/serviceAccounts\/0\/maxRamSize: must be/,
  ],
  'has two entries of one ServiceAccount': [
    { keys: [], serviceAccounts: Array(2).fill({ name: 'sales/backend', scopes: ['read'] }) },
    /two entries of one name/,
  ],
  'has two entries of one id': [{ keys: [entry, entry] }, /two entries of one id/],
}

t.test('reads a file with every field', async (t) => {
  const full = { ...entry, userId: 'user123', maxRamSize: '4Gi', expiresAt: '2030-01-01T00:00:00Z' }
  const account = { name: 'sales/backend', scopes: ['read'], maxRamSize: '4Gi' }
  const { keys, serviceAccounts } = parseCredentials(JSON.stringify({ keys: [full], serviceAccounts: [account] }))
  t.strictSame([...keys], [[entry.id, full]])
  t.strictSame([...serviceAccounts], [['sales/backend', account]])
  t.equal(parseCredentials('{"keys":[]}').keys.size, 0)
})

for (const [what, [content, says]] of Object.entries(BAD)) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  t.test(`refuses a file that ${what}, and says where without a credential or digest`, async (t) => {
    const error = errorOf(text)
    t.type(error, CredentialsError)
    t.match(error.message, says)
    for (const secret of [key, key.split('_').slice(2).join('_'), entry.sha256]) t.notOk(error.message.includes(secret))
  })
}

function errorOf(text: string): Error {
  try {
    parseCredentials(text)
  } catch (error) {
    return error as Error
  }
  throw new Error('the file was taken')
}

t.test('does not say a credential that stands where a field name should be', async (t) => {
  for (const content of [{ keys: [], [key]: 'admin' }, { keys: [{ ...entry, [key]: 'admin' }] }]) {
    t.notOk(errorOf(JSON.stringify(content)).message.includes(key))
  }
})

t.test('refuses a date that is not RFC 3339', async (t) => {
  for (const expiresAt of ['7', '2030', 'tomorrow 5', '2030-01-01 00:00', '01/02/2030']) {
    t.throws(() => parseCredentials(JSON.stringify({ keys: [{ ...entry, expiresAt }] })), CredentialsError, expiresAt)
  }
})
