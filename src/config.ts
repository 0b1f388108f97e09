import { type Static, type TSchema, type TString, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { distance } from 'fastest-levenshtein'
import { formatBytes, parseBytes, QuantityError } from './sizing/quantity.ts'

const size = (fallback: string, description: string) => Type.String({ default: fallback, description })
const choice = <const T extends readonly string[]>(values: T, fallback: T[number], description: string) =>
  Type.Union(
    values.map((value) => Type.Literal<T[number]>(value)),
    { default: fallback, description },
  )

/** Every setting, by the name of its environment variable. Nobody else reads the environment. */
export const SettingsSchema = Type.Object(
  {
    HOST: Type.String({ default: '0.0.0.0', minLength: 1, description: 'Address to listen on.' }),
    PORT: Type.Integer({
      default: 3000,
      minimum: 0,
      maximum: 65535,
      description: 'Port to listen on; 0 picks a free one.',
    }),
    LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info', 'Least level that is logged.'),
    KUBECONFIG: Type.String({
      default: '',
      description: 'Kubeconfig file; empty: the home directory, else the account of the pod.',
    }),
    API_KEYS_FILE: Type.String({
      default: '',
      description: 'File of the credentials that open this service; it is read again when it changes.',
    }),
    FIRST_CREDENTIAL: Type.String({
      default: '',
      description: 'Secret in which the service shows an admin its first credential, once; empty: it makes none.',
    }),
    IMAGE: Type.String({
      default: 'volandoo/fluxiondb:latest',
      pattern: '^\\S+$',
      description: 'Image of new databases.',
    }),
    IMAGE_PULL_POLICY: choice(['Always', 'IfNotPresent', 'Never'], 'IfNotPresent', 'When the node pulls the image.'),
    STORAGE_CLASS: Type.String({
      default: '',
      description: "Storage class of new volumes; empty: the cluster's default.",
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
    KUBERNETES_TIMEOUT_SECONDS: Type.Integer({
      default: 8,
      minimum: 1,
      maximum: 60,
      description: 'Deadline of every call to the API server.',
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

/** The settings with what is derived from them. Frozen. */
export type Config = Readonly<Settings & { ramBounds: { min: bigint; max: bigint } }>

/** All that is wrong with the settings, a line each. */
export class ConfigError extends Error {
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(`the settings are not valid:\n${lines.map((line) => `  ${line}`).join('\n')}`)
    this.lines = lines
  }
}

/**
 * Reads the settings from environment variables.
 * @throws ConfigError naming every bad setting, and every variable that looks like a misspelt one
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(SettingsSchema.properties).flatMap(([name, schema]) => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, readValue(schema, value)]]
    }),
  )
  const settings = Value.Default(SettingsSchema, given) as Settings
  const lines = [...misspelt(environment), ...invalid(settings)]
  if (lines.length > 0) throw new ConfigError(lines)
  const ramBounds = { min: parseBytes(settings.RAM_MIN), max: parseBytes(settings.RAM_MAX) }
  if (ramBounds.min > ramBounds.max) {
    throw new ConfigError([
      `RAM_MIN: ${formatBytes(ramBounds.min)} is more than RAM_MAX, ${formatBytes(ramBounds.max)}`,
    ])
  }
  return Object.freeze({ ...settings, ramBounds: Object.freeze(ramBounds) })
}

/** A number only if it is written as one: `1e3`, `0x10` or `0.9` are left to be refused, not rounded. */
function readValue(schema: TSchema, value: string): string | number {
  return schema.type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value
}

function invalid(settings: Settings): string[] {
  const lines = new Map<string, string>()
  for (const { path, message, value } of Value.Errors(SettingsSchema, settings)) {
    const name = path.slice(1)
    if (!lines.has(name)) lines.set(name, `${name}: ${JSON.stringify(value)}: ${message.toLowerCase()}`)
  }
  for (const name of ['RAM_MIN', 'RAM_MAX'] as const) {
    try {
      parseBytes(settings[name])
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error
      lines.set(name, `${name}: ${JSON.stringify(settings[name])} ${error.message}`)
    }
  }
  return [...lines.values()]
}

/** Variables that are a slip of one or two letters away from a setting, or have its name in other letters' case. */
function misspelt(environment: Record<string, string | undefined>): string[] {
  const names = Object.keys(SettingsSchema.properties)
  return Object.keys(environment).flatMap((variable) => {
    if (names.includes(variable)) return []
    const meant = names.find((name) => isSlip(variable, name))
    return meant ? [`${variable}: unknown setting; do you mean ${meant}?`] : []
  })
}

function isSlip(variable: string, name: string): boolean {
  if (variable.toUpperCase() === name) return variable !== variable.toLowerCase() || name.includes('_')
  if (name.length < 6 || variable !== variable.toUpperCase()) return false
  return distance(variable, name) <= (name.length < 8 ? 1 : 2)
}

/** The settings as `config` prints them, a line each. None of them is a secret: those are in the files that they name. */
export function printConfig(config: Config): string {
  const names = Object.keys(SettingsSchema.properties) as (keyof Settings)[]
  const line = (name: keyof Settings) => {
    const { description } = SettingsSchema.properties[name] as TString
    return `${`${name}=${config[name]}`.padEnd(52)} # ${description}`
  }
  return names.map(line).join('\n')
}
