import type { TSchema, TString } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { distance } from 'fastest-levenshtein'
import { type Settings, SettingsSchema } from './settings.ts'
import { formatBytes, parseBytes, QuantityError } from './sizing/quantity.ts'

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
  const alone = halfGiven(settings)
  if (alone.length > 0) throw new ConfigError(alone)
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
    if (!lines.has(name))
      lines.set(name, `${name}: ${JSON.stringify(value)}: ${message[0]!.toLowerCase()}${message.slice(1)}`)
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

/**
 * Opens what settings name.
 * @throws ConfigError that names them, where the system or a library says no by a code; else what `open` throws
 */
export async function fromSetting<T>(names: string, open: () => T | Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new ConfigError([`${names}: cannot be used (${code})`])
  }
}

/** Settings that mean nothing without another one. */
const NEEDS = [
  ['TLS_CERT_FILE', 'TLS_KEY_FILE'],
  ['TLS_KEY_FILE', 'TLS_CERT_FILE'],
  ['TLS_CLIENT_CA_FILE', 'TLS_CERT_FILE'],
  ['OIDC_ISSUER', 'OIDC_AUDIENCE'],
  ['OIDC_AUDIENCE', 'OIDC_ISSUER'],
] as const

function halfGiven(settings: Settings): string[] {
  return NEEDS.filter(([given, needed]) => settings[given] !== '' && settings[needed] === '').map(
    ([given, needed]) => `${needed}: needed, as ${given} is set`,
  )
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
