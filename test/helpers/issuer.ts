import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'

export const ISSUER = 'https://login.example.com/realms/shop'
export const AUDIENCE = 'fluxiondb'

type Key = { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey }

/** An issuer of tokens, without its server: what it would answer, by address. */
export async function anIssuer(issuer = ISSUER) {
  let key = await newKey('first')
  const documents: Record<string, unknown> = {}
  const publish = async (...keys: Key[]) => {
    const jwks = keys.map(async ({ publicKey, kid, alg }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
      use: 'sig',
    }))
    documents[`${issuer}/keys`] = { keys: await Promise.all(jwks) }
  }
  documents[`${issuer}/.well-known/openid-configuration`] = { issuer, jwks_uri: `${issuer}/keys` }
  await publish(key)
  /** A token as this issuer gives them out, but for the changes. A claim that is undefined is left out. */
  const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, signer = key) => {
    const now = Math.floor(Date.now() / 1000)
    const usual = { iss: issuer, aud: AUDIENCE, sub: 'signup', exp: now + 300, iat: now, scope: 'fluxiondb:read' }
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: signer.alg, kid: signer.kid, ...header } as never)
      .sign(signer.privateKey)
  }
  return {
    issuer,
    documents,
    token,
    key: () => key,
    /** From now on it signs with another key, which it publishes alone. */
    async rotate() {
      key = await newKey(`${key.kid}-next`)
      await publish(key)
    },
  }
}

export async function newKey(kid: string, alg = 'RS256'): Promise<Key> {
  return { kid, alg, ...(await generateKeyPair(alg, { extractable: true })) }
}
