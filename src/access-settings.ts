import { Type } from '@sinclair/typebox'

/** Settings of who may use the service, and how it is reached. */
export const ACCESS_SETTINGS = {
  API_KEYS_FILE: Type.String({
    default: '',
    description: 'File of the credentials that open this service; it is read again when it changes.',
  }),
  FIRST_CREDENTIAL: Type.String({
    default: '',
    description: 'Secret in which the service shows an admin its first credential, once; empty: it makes none.',
  }),
  OIDC_ISSUER: Type.String({
    default: '',
    pattern: '^(https://[^?#@\\s]+)?$',
    description: 'Issuer of JWTs that open this service (OpenID Connect), by its exact address; empty: there is none.',
  }),
  OIDC_AUDIENCE: Type.String({ default: '', description: 'What the issuer calls this service in the claim `aud`.' }),
  OIDC_ALGORITHMS: Type.String({
    default: 'RS256,ES256',
    pattern: '^((RS|PS|ES)(256|384|512)|EdDSA)(,((RS|PS|ES)(256|384|512)|EdDSA))*$',
    description: 'Algorithms by which JWTs may be signed, with commas.',
  }),
  OIDC_SCOPES_CLAIM: Type.String({
    default: 'scope',
    description:
      'Claim with the scopes, a text with spaces or a list; `realm_access.roles` is a list within an object.',
  }),
  OIDC_SCOPE_PREFIX: Type.String({
    default: 'fluxiondb:',
    description: 'What stands before each scope in that claim, such as `fluxiondb:read`. All others are passed over.',
  }),
  OIDC_TENANT_CLAIM: Type.String({
    default: '',
    description:
      'Claim with the id of the only tenant that a token may see, or `*` for all; a token without it is refused. Empty: tokens are bound to no tenant.',
  }),
  OIDC_CA_FILE: Type.String({
    default: '',
    description: 'Certificates (PEM) by which the issuer is known; empty: those that Node trusts.',
  }),
  TOKEN_REVIEW_AUDIENCE: Type.String({
    default: '',
    description:
      'Audience for which ServiceAccounts of the cluster get tokens that open this service; what each may do is in the file of API_KEYS_FILE. Empty: they do not.',
  }),
  TLS_CERT_FILE: Type.String({
    default: '',
    description:
      'Certificate (PEM, with its chain) that the service shows; it is read again when it changes. Empty: the service speaks HTTP.',
  }),
  TLS_KEY_FILE: Type.String({ default: '', description: 'Private key (PEM) of that certificate.' }),
  TLS_CLIENT_CA_FILE: Type.String({
    default: '',
    description:
      'Certificates (PEM) by which clients must be certified, besides their credentials; empty: they need no certificate.',
  }),
  TRUSTED_PROXIES: Type.String({
    default: '',
    pattern: '^([0-9a-fA-F.:]+(/[0-9]+)?(,[0-9a-fA-F.:]+(/[0-9]+)?)*)?$',
    description:
      'Addresses of proxies, such as `10.0.0.0/8,fd00::/8`, whose `X-Forwarded-For` is believed; empty: nobody is.',
  }),
  FAILURES_PER_MINUTE: Type.Integer({
    default: 60,
    minimum: 0,
    maximum: 1000000,
    description:
      'Requests without a valid credential that each replica answers with 401 to one address in a minute, then with 429; 0: no limit.',
  }),
}
