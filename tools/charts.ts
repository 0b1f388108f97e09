/** `npm run charts`: writes what follows from other files into the charts: READMEs, and what the settings make of a schema. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TSchema } from '@sinclair/typebox'
import { EntrySchema } from '../src/credentials/credential.ts'
import { SettingsSchema } from '../src/settings.ts'
import { binaries } from './local-cluster/binaries.ts'
import { run } from './local-cluster/run.ts'
import type { Report } from './report.ts'

const CHARTS = join(import.meta.dirname, '..', 'charts')
const PROVISIONER = join(CHARTS, 'fluxiondb-provisioner')
const INSTANCE = join(CHARTS, 'fluxiondb')

/** Settings that follow from how the chart runs the service. */
const OWNED = [
  'PORT',
  'KUBECONFIG',
  'API_KEYS_FILE',
  'POLICY_FILE',
  'TENANT_ROLE',
  'SCRATCH_NAMESPACE',
  'FIRST_CREDENTIAL',
]

/** What the generated files of the charts should hold, by path. */
export async function generated(report: Report): Promise<Record<string, string>> {
  const schema = join(PROVISIONER, 'values.schema.json')
  return {
    [schema]: withSettings(await readFile(schema, 'utf8')),
    [join(PROVISIONER, 'README.md')]: listSettings(await readme(PROVISIONER, report)),
    [join(INSTANCE, 'README.md')]: await readme(INSTANCE, report),
  }
}

const settable = Object.entries<TSchema>(SettingsSchema.properties).filter(([name]) => !OWNED.includes(name))

function withSettings(text: string): string {
  const schema = JSON.parse(text)
  const properties = Object.fromEntries(settable.map(([name, setting]) => [name, plain(setting)]))
  schema.properties.settings = { type: 'object', additionalProperties: false, properties }
  schema.properties.credentials = { type: 'array', items: EntrySchema }
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** A choice as an enumeration, which Helm's messages tell better than a union. */
function plain({ anyOf, ...setting }: TSchema): object {
  return anyOf ? { ...setting, enum: anyOf.map((one: TSchema) => one.const) } : setting
}

/** A chart's README from its template and the comments of its values. */
async function readme(chart: string, report: Report): Promise<string> {
  const { 'helm-docs': helmDocs } = await binaries(['helm-docs'], report)
  const text = await run(helmDocs, [
    '--dry-run',
    '--log-level=error',
    '--sort-values-order=file',
    `--chart-search-root=${chart}`,
  ])
  return `${text.trim()}\n`
}

function listSettings(text: string): string {
  const rows = settable.map(([name, { default: value, description }]) => {
    return `| \`${name}\` | ${value === '' ? '' : `\`${value}\``} | ${description} |`
  })
  return text
    .replace('@owned@', OWNED.map((name) => `\`${name}\``).join(', '))
    .replace('@settings@', ['| setting | default | |', '|---|---|---|', ...rows].join('\n'))
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(await generated((step) => console.log(step)))) {
    await writeFile(path, content)
  }
}
