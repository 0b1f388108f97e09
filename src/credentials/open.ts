import { readFile } from 'node:fs/promises'
import type { FastifyBaseLogger } from 'fastify'
import { type Config, fromSetting } from '../config.ts'
import type { Apis } from '../kubernetes/connection.ts'
import { Authenticators } from './authenticators.ts'
import { fetchJsonWith } from './fetch-bounded.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { OidcTokens } from './oidc-tokens.ts'
import { ServiceAccountTokens } from './service-accounts.ts'
import { CredentialStore } from './store.ts'

/**
 * All ways into the service that the settings open: keys always, tokens of an issuer and of ServiceAccounts where they are set.
 * @throws CredentialsError, ConfigError
 */
export async function openCredentials(
  config: Config,
  { authentication }: Pick<Apis, 'authentication'>,
  log: FastifyBaseLogger,
): Promise<{ store: CredentialStore; authenticators: Authenticators }> {
  const store = await fromSetting('API_KEYS_FILE', () => CredentialStore.open(config.API_KEYS_FILE, log))
  const audience = config.TOKEN_REVIEW_AUDIENCE
  const grantOf = (account: string) => store.grantOf(account)
  const authenticators = new Authenticators([
    store,
    ...(config.OIDC_ISSUER === '' ? [] : [await oidcTokens(config, log)]),
    ...(audience === '' ? [] : [new ServiceAccountTokens(audience, { authentication, grantOf, log })]),
  ])
  return { store, authenticators }
}

async function oidcTokens(config: Config, log: FastifyBaseLogger): Promise<OidcTokens> {
  const caFile = config.OIDC_CA_FILE
  const ca = caFile === '' ? undefined : await fromSetting('OIDC_CA_FILE', () => readFile(caFile, 'utf8'))
  const settings = {
    issuer: config.OIDC_ISSUER,
    audience: config.OIDC_AUDIENCE,
    algorithms: config.OIDC_ALGORITHMS.split(','),
    claims: {
      scopes: config.OIDC_SCOPES_CLAIM,
      prefix: config.OIDC_SCOPE_PREFIX,
      tenant: config.OIDC_TENANT_CLAIM,
    },
  }
  return new OidcTokens(settings, new IssuerKeys(config.OIDC_ISSUER, fetchJsonWith(ca), log), log)
}
