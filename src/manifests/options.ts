import type {
  V1Affinity,
  V1NetworkPolicyEgressRule,
  V1NetworkPolicyIngressRule,
  V1Toleration,
} from '@kubernetes/client-node'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { DATABASE_PORT, SECRET_ENTRY } from './names.ts'

const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Texts = (description: string) => Type.Record(Type.String(), Type.String(), { description })
/** What only Kubernetes can judge: it is passed on as it is, and tried by a dry run before anything is recorded. */
const FreeForm = <T>(description: string) =>
  Type.Unsafe<T>(Type.Object({}, { additionalProperties: true, description }))
const Count = (description: string) => Type.Integer({ minimum: 0, maximum: 86400, description })
const Cpu = Type.Object({
  cpu: OrNull(Type.String({ description: 'A Kubernetes quantity; null: follows from the RAM.' })),
})
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const DIGEST = 'sha256:[0-9a-f]{64}'
/** An image as a whole, as a pattern: a registry's port is no tag. Digests of any kind; only `DIGEST` is an option of its own. */
export const IMAGE_REFERENCE = `^([^\\s@/]+/)?[^\\s@:/]+(/[^\\s@:/]+)*(:${TAG})?(@[a-z0-9+._-]+:[0-9a-fA-F]{32,})?$`
const Probe = {
  enabled: Type.Boolean(),
  initialDelaySeconds: Count('Seconds after the start at which the probing begins.'),
}

const HostSchema = Type.Object({
  host: Type.String({ minLength: 1, maxLength: 253 }),
  paths: Type.Array(
    Type.Object({
      path: Type.String({ pattern: '^/', maxLength: 1024 }),
      pathType: Type.Union([Type.Literal('Prefix'), Type.Literal('Exact'), Type.Literal('ImplementationSpecific')]),
    }),
    { minItems: 1, maxItems: 20 },
  ),
})
const TlsSchema = Type.Object({
  hosts: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { minItems: 1, maxItems: 20 }),
  secretName: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
})

/** The same without fields that are null, which Kubernetes takes for absent. What stands in a list keeps its place. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutNulls(field)])) as T
}

/** All that a tenant can be told besides its RAM, every value settled. Names are Kubernetes' own where it has one. */
export const OptionsSchema = Type.Object({
  image: Type.Object({
    repository: Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\s@]+$' }),
    tag: Type.String({
      maxLength: 200,
      pattern: `^(${TAG}(@${DIGEST})?|${DIGEST})$`,
      description:
        'A tag, a digest as `sha256:...`, or both as `1.4.2@sha256:...`: then the digest says which image runs.',
    }),
    pullPolicy: Type.Union([Type.Literal('Always'), Type.Literal('IfNotPresent'), Type.Literal('Never')]),
    pullSecrets: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
      maxItems: 10,
      description: 'Names of Secrets in the namespace, which an operator has prepared.',
    }),
  }),
  storage: Type.Object({
    enabled: Type.Boolean({ description: 'Without it all data ends with the pod.' }),
    size: OrNull(Type.String({ description: 'At least 2 x RAM; null: just that.' })),
    storageClass: OrNull(
      Type.String({
        maxLength: 253,
        description: "null: the cluster's default; empty: none, for a volume that an operator has made.",
      }),
    ),
    existingClaim: OrNull(
      Type.String({ minLength: 1, maxLength: 253, description: 'A claim that an operator has prepared.' }),
    ),
  }),
  secret: Type.Object({
    name: OrNull(Type.String({ minLength: 1, maxLength: 253, description: 'A Secret that an operator has prepared.' })),
    key: Type.String({ minLength: 1, maxLength: 253, pattern: '^[-._a-zA-Z0-9]+$', description: 'Its entry.' }),
  }),
  resources: Type.Object({ requests: Cpu, limits: Cpu }),
  service: Type.Object({
    type: Type.Union([Type.Literal('ClusterIP'), Type.Literal('NodePort'), Type.Literal('LoadBalancer')]),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    annotations: Texts('Only keys that the operator allows.'),
  }),
  ingress: Type.Object({
    enabled: Type.Boolean(),
    className: OrNull(Type.String({ minLength: 1, maxLength: 253, description: "null: the cluster's default." })),
    annotations: Texts('Only keys that the operator allows.'),
    hosts: Type.Array(HostSchema, { maxItems: 20 }),
    tls: Type.Array(TlsSchema, { maxItems: 20 }),
  }),
  networkPolicy: Type.Object({
    enabled: Type.Boolean(),
    policyTypes: Type.Array(Type.Union([Type.Literal('Ingress'), Type.Literal('Egress')]), { maxItems: 2 }),
    ingress: Type.Array(FreeForm<V1NetworkPolicyIngressRule>('A NetworkPolicyIngressRule.'), { maxItems: 50 }),
    egress: Type.Array(FreeForm<V1NetworkPolicyEgressRule>('A NetworkPolicyEgressRule.'), { maxItems: 50 }),
  }),
  livenessProbe: Type.Object({
    ...Probe,
    type: Type.Union([Type.Literal('exec'), Type.Literal('tcp')], {
      description: '`exec`: the database must answer; `tcp`: it must accept connections.',
    }),
  }),
  readinessProbe: Type.Object(Probe),
  podAnnotations: Texts('Only keys that the operator allows.'),
  podLabels: Texts('Labels of the pod besides its own.'),
  nodeSelector: Texts('Labels that the node must have.'),
  tolerations: Type.Array(FreeForm<V1Toleration>('A Toleration.'), { maxItems: 50 }),
  affinity: FreeForm<V1Affinity>('An Affinity.'),
  priorityClassName: OrNull(Type.String({ minLength: 1, maxLength: 253 })),
  serviceAccountName: OrNull(
    Type.String({ minLength: 1, maxLength: 253, description: 'An account that an operator has prepared.' }),
  ),
  flushInterval: Type.Integer({ minimum: 1, maximum: 3600, description: 'Seconds between two writes to the volume.' }),
  dataFolder: Type.String({
    pattern: '^/data(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$',
    maxLength: 255,
    description: '`/data` or a folder below it.',
  }),
  labels: Texts("Kept on the tenant's namespace as `label.fluxiondb.com/<key>`."),
  description: Type.String({ maxLength: 1000 }),
  protected: Type.Boolean({ description: 'A protected tenant cannot be deleted.' }),
})
export type Options = Static<typeof OptionsSchema>

/** What somebody asked for: any part of the options. Objects are merged, lists replaced. */
export type Asked<T = Options> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Asked<T[K]> : T[K]
}

/** What holds where neither operator nor caller says anything. */
export const DEFAULT_OPTIONS: Options = {
  image: { repository: 'volandoo/fluxiondb', tag: 'latest', pullPolicy: 'IfNotPresent', pullSecrets: [] },
  storage: { enabled: true, size: null, storageClass: null, existingClaim: null },
  secret: { name: null, key: SECRET_ENTRY },
  resources: { requests: { cpu: null }, limits: { cpu: null } },
  service: { type: 'ClusterIP', port: DATABASE_PORT, annotations: {} },
  ingress: { enabled: false, className: null, annotations: {}, hosts: [], tls: [] },
  // In to the database's port and nothing else; out to DNS and nothing else.
  networkPolicy: {
    enabled: true,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ ports: [{ protocol: 'TCP', port: DATABASE_PORT }] }],
    egress: [
      {
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
    ],
  },
  livenessProbe: { enabled: true, initialDelaySeconds: 0, type: 'exec' },
  readinessProbe: { enabled: true, initialDelaySeconds: 0 },
  podAnnotations: {},
  podLabels: {},
  nodeSelector: {},
  tolerations: [],
  affinity: {},
  priorityClassName: null,
  serviceAccountName: null,
  flushInterval: 15,
  dataFolder: '/data',
  labels: {},
  description: '',
  protected: false,
}

/** The image as a container names it. */
export function imageOf({ repository, tag }: Pick<Options['image'], 'repository' | 'tag'>): string {
  return `${repository}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`
}

/** The same the other way round: a reference with neither tag nor digest means `latest`. A port is no tag. */
export function imageFrom(reference: string): Pick<Options['image'], 'repository' | 'tag'> {
  const [, repository = reference, ...found] = REFERENCE.exec(reference) ?? []
  return { repository, tag: found.filter((part) => part !== undefined).join('@') || 'latest' }
}
const REFERENCE = new RegExp(`^(.+?)(?::([^/:@]+))?(?:@(${DIGEST}))?$`)
