import { type Static, Type } from '@sinclair/typebox'
import { ACCESS_SETTINGS } from './access-settings.ts'
import { IMAGE_REFERENCE } from './manifests/options.ts'

const size = (fallback: string, description: string) => Type.String({ default: fallback, description })
const choice = <const T extends readonly string[]>(values: T, fallback: T[number], description: string) =>
  Type.Union(
    values.map((value) => Type.Literal<T[number]>(value)),
    { default: fallback, description },
  )

/** Every setting, by the name of its environment variable. Nobody else reads the environment. */
export const SettingsSchema = Type.Object(
  {
    HOST: Type.String({
      default: '',
      description: 'Address to listen on; empty: all, of IPv6 too where the machine has it.',
    }),
    PORT: Type.Integer({
      default: 3000,
      minimum: 0,
      maximum: 65535,
      description: 'Port to listen on; 0 picks a free one.',
    }),
    LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info', 'Least level that is logged.'),
    AUDIT_FILE: Type.String({
      default: '',
      description:
        'File to which who changed what is appended, one JSON line each; empty: the standard output, beside the log and whatever its level.',
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
      default: '',
      pattern: '^(https?://[^@\\s]+)?$',
      description:
        'OpenTelemetry collector that takes OTLP over HTTP, to which traces are sent; empty: none are. What it asks for goes into OTEL_EXPORTER_OTLP_HEADERS.',
    }),
    KUBECONFIG: Type.String({
      default: '',
      description:
        'Kubeconfig file, or several as kubectl separates them; empty: the home directory, else the account of the pod.',
    }),
    ...ACCESS_SETTINGS,
    IMAGE: Type.String({
      default: 'volandoo/fluxiondb:latest',
      pattern: IMAGE_REFERENCE,
      description: 'Image of new databases, with a tag, a digest or both.',
    }),
    IMAGE_PULL_POLICY: choice(['Always', 'IfNotPresent', 'Never'], 'IfNotPresent', 'When the node pulls the image.'),
    STORAGE_CLASS: Type.String({
      default: '',
      description: "Storage class of new volumes; empty: the cluster's default.",
    }),
    PRIORITY_CLASS: Type.String({
      default: '',
      maxLength: 253,
      pattern: '^[a-z0-9.-]*$',
      description: 'Priority class of new databases; empty: none.',
    }),
    RAM_MIN: size('128Mi', 'Least RAM of a tenant.'),
    RAM_MAX: size('64Gi', 'Most RAM of a tenant.'),
    CPU_REQUEST_PERCENT: Type.Integer({
      default: 100,
      minimum: 1,
      maximum: 100,
      description: 'How much of its CPU request a tenant really asks for; less overcommits the nodes.',
    }),
    FLUSH_INTERVAL_SECONDS: Type.Integer({
      default: 15,
      minimum: 1,
      maximum: 3600,
      description: 'How often a new database writes to its volume.',
    }),
    LIVENESS_PROBE: choice(['exec', 'tcp'], 'exec', 'exec: the database must answer; tcp: it must accept connections.'),
    NETWORK_POLICY: choice(['on', 'off'], 'on', 'Whether new tenants are closed but for the port of the database.'),
    POLICY_FILE: Type.String({
      default: '',
      description: "File of the operator's policy; it is read again when it changes.",
    }),
    SCRATCH_NAMESPACE: Type.String({
      default: 'fluxiondb-provisioner-scratch',
      minLength: 1,
      description: 'Namespace in which the API server tries out options, by dry runs.',
    }),
    READS: choice(
      ['live', 'watched'],
      'live',
      'live: one tenant is shown with all that any replica has recorded; watched: as the watches of this replica tell, without a call, which may be some milliseconds behind another one.',
    ),
    LEASE: Type.String({
      default: '',
      pattern: '^([a-z0-9-]+/[a-z0-9.-]+)?$',
      description: 'Lease by which one of several replicas leads, as namespace/name; empty: there is one replica only.',
    }),
    TENANT_ROLE: Type.String({
      default: 'fluxiondb-provisioner-tenant',
      minLength: 1,
      description: "ClusterRole that this service is bound to in each tenant's namespace.",
    }),
    OPERATION_TIMEOUT_SECONDS: Type.Integer({
      default: 600,
      minimum: 10,
      maximum: 86400,
      description: 'An operation that is not done by then has failed.',
    }),
    VOLUME_TIMEOUT_SECONDS: Type.Integer({
      default: 300,
      minimum: 5,
      maximum: 86400,
      description: 'How long a volume may take to grow; then the change is taken back.',
    }),
    RESIZE_TIMEOUT_SECONDS: Type.Integer({
      default: 120,
      minimum: 5,
      maximum: 86400,
      description: 'How long a node may take to give a running pod its new size; then the change is taken back.',
    }),
    RETENTION_DAYS: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 36500,
      description: 'Deleted tenants are purged after so many days; 0: never.',
    }),
    USAGE_NAMESPACE: Type.String({
      default: '',
      pattern: '^[a-z0-9-]*$',
      description: 'Namespace that keeps, for the bill, what purged tenants were given; empty: nothing is kept.',
    }),
    USAGE_DAYS: Type.Integer({
      default: 400,
      minimum: 1,
      maximum: 36500,
      description: 'How many days after its purge that of a tenant is kept.',
    }),
    KUBERNETES_TIMEOUT_SECONDS: Type.Integer({
      default: 8,
      minimum: 1,
      maximum: 60,
      description: 'Deadline of every read from the API server.',
    }),
    KUBERNETES_WRITE_TIMEOUT_SECONDS: Type.Integer({
      default: 36,
      minimum: 1,
      maximum: 60,
      description:
        'Deadline of every write to the API server, dry runs too. An admission webhook may take 30 s, and the API server gives up at 34.',
    }),
    REQUESTS_PER_MINUTE: Type.Integer({
      default: 6000,
      minimum: 0,
      maximum: 1000000,
      description: 'Requests that each replica takes of one credential in a minute; 0: no limit.',
    }),
    LINGER_SECONDS: Type.Integer({
      default: 2,
      minimum: 0,
      maximum: 60,
      description: 'How long a stop still answers on open connections, telling their clients to close them.',
    }),
    DRAIN_SECONDS: Type.Integer({ default: 30, minimum: 1, maximum: 600, description: 'How long a stop may take.' }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof SettingsSchema>
