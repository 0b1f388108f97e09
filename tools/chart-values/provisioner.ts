import type { TSchema } from '@sinclair/typebox'
import { EntrySchema } from '../../src/credentials/credential.ts'
import { ServiceAccountSchema } from '../../src/credentials/store.ts'
import { SettingsSchema } from '../../src/settings.ts'
import * as parts from './parts.ts'

const { annotations, flag, freeForm, freeForms, group, labels, list, name, whole } = parts

/** Settings that follow from how the chart runs the service. */
export const OWNED = [
  'PORT',
  'KUBECONFIG',
  'API_KEYS_FILE',
  'POLICY_FILE',
  'TENANT_ROLE',
  'LEASE',
  'SCRATCH_NAMESPACE',
  'USAGE_NAMESPACE',
  'FIRST_CREDENTIAL',
  'TOKEN_REVIEW_AUDIENCE',
  'OIDC_CA_FILE',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'TLS_CLIENT_CA_FILE',
  'PRIORITY_CLASS',
]
/** All others, by name. */
export const settable = Object.entries<TSchema>(SettingsSchema.properties).filter(([name]) => !OWNED.includes(name))

const quantities = parts.keyed({ type: ['string', 'number'] })

/** The values of the chart `fluxiondb-provisioner`. */
export const provisionerValues = group({
  ...parts.ofHelm,
  nameOverride: parts.namePart,
  fullnameOverride: parts.namePart,
  extraLabels: labels,
  replicaCount: { type: 'integer', minimum: 1, maximum: 100 },
  image: group({
    repository: parts.repository,
    tag: { ...parts.tag, pattern: `^$|${parts.tag.pattern}` },
    digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
    pullPolicy: parts.pullPolicy,
    pullSecrets: parts.pullSecrets,
  }),
  settings: group(Object.fromEntries(settable.map(([name, setting]) => [name, plain(setting)]))),
  databasePriorityClass: group({
    create: flag,
    name,
    value: whole(-2147483648, 1000000000),
  }),
  policy: freeForm,
  credentials: list(EntrySchema),
  serviceAccounts: list(ServiceAccountSchema),
  credentialsSecret: name,
  serviceAccountAudience: { type: 'string' },
  oidcCaConfigMap: name,
  tls: group({ secretName: name, clientCertificates: flag }),
  firstCredential: group({ enabled: flag }),
  serviceAccount: group({ name, annotations }),
  service: group({ type: parts.serviceType, port: parts.port, annotations }),
  ingress: group({
    enabled: flag,
    className: name,
    annotations,
    hosts: list(parts.host),
    tls: list(group({ secretName: parts.neededName, hosts: list(parts.host) })),
  }),
  networkPolicy: group({
    enabled: flag,
    from: freeForms,
    apiServer: freeForms,
    apiServerPorts: list(parts.port, { minItems: 1 }),
    egress: freeForms,
  }),
  serviceMonitor: group({
    enabled: flag,
    interval: { type: 'string', pattern: '^([0-9]+(ms|[smhdwy]))+$' },
    labels,
    tlsConfig: freeForm,
    credential: group({ secret: name, key: { type: 'string', pattern: '^[-._a-zA-Z0-9]+$', maxLength: 253 } }),
  }),
  alerts: group({ enabled: flag, labels }),
  dashboard: group({ enabled: flag, labels }),
  resources: group({ requests: quantities, limits: quantities, claims: freeForms }),
  preStopSeconds: whole(0, 300),
  podAnnotations: annotations,
  podLabels: labels,
  priorityClassName: name,
  nodeSelector: labels,
  tolerations: freeForms,
  affinity: group({ nodeAffinity: freeForm, podAffinity: freeForm, podAntiAffinity: freeForm }),
})

/** A choice as an enumeration, which Helm's messages tell better than a union. YAML reads `on` and `off` as booleans. */
function plain({ anyOf, ...setting }: TSchema): parts.Schema {
  if (!anyOf) return setting
  const values = anyOf.map((one: TSchema) => one.const)
  return { ...setting, enum: values.includes('on') ? [...values, true, false] : values }
}
