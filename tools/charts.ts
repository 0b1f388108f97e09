/** `npm run charts`: writes what follows from other files: the charts' READMEs, schemas and defaults, and the rights of tests and demo. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubernetesObject } from '@kubernetes/client-node'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { fluxiondbValues } from './chart-values/fluxiondb.ts'
import { forgiving } from './chart-values/forgiving.ts'
import type { Schema } from './chart-values/parts.ts'
import { OWNED, provisionerValues, settable } from './chart-values/provisioner.ts'
import { helm } from './helm.ts'
import { binaries } from './local-cluster/binaries.ts'
import { run } from './local-cluster/run.ts'
import type { Report } from './report.ts'
import { ACCOUNT, RIGHTS } from './service-account.ts'

/** What makes the service's rights; the rest of its chart is the service itself, which tests and demo run as a process of their own. */
const KINDS_OF_RIGHTS = [
  'Namespace',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]
const CHARTS = join(import.meta.dirname, '..', 'charts')

/** What generated files should hold, by path; the later ones follow from the earlier ones. */
export const GENERATED: readonly ((report: Report) => Promise<Record<string, string>>)[] = [chartFiles, rights]

async function chartFiles(report: Report): Promise<Record<string, string>> {
  return {
    ...(await generatedFor('fluxiondb', fluxiondbValues, report)),
    // A null in a policy says something.
    ...(await generatedFor('fluxiondb-provisioner', provisionerValues, report, ['policy'])),
  }
}

/** @param whole values that the templates take as they are */
async function generatedFor(name: string, values: Schema, report: Report, whole: readonly string[] = []) {
  const chart = join(CHARTS, name)
  const defaults = parse(await readFile(join(chart, 'values.yaml'), 'utf8'))
  const helper = await readFile(join(import.meta.dirname, 'chart-values', 'values.tpl'), 'utf8')
  return {
    [join(chart, 'values.schema.json')]: schemaOf(name, values),
    [join(chart, 'templates', '_values.tpl')]: helper
      .replaceAll('@chart@', name)
      .replace('@whole@', whole.map((key) => JSON.stringify(key)).join(' '))
      // As YAML 1.1, which is what Helm reads.
      .replace('@defaults@', () => stringify(defaults, { version: '1.1', lineWidth: 0 }).trim()),
    [join(chart, 'README.md')]: listSettings(await readme(chart, report)),
  }
}

/** The rights that the chart gives, as they are with its default values. */
async function rights(report: Report): Promise<Record<string, string>> {
  const manifests = await helm(
    // With all rights that a value can open.
    ['template', ACCOUNT, join(CHARTS, ACCOUNT), `--namespace=${ACCOUNT}`, `--set=serviceAccountAudience=${ACCOUNT}`],
    report,
  )
  const objects = parseAllDocuments(manifests).flatMap((document): KubernetesObject[] => document.toJS() ?? [])
  const documents = objects
    .filter(({ kind }) => KINDS_OF_RIGHTS.includes(kind!))
    .map((object) => stringify(object, { version: '1.1', lineWidth: 0 }))
  const head = `# What the service may do, for tests and demo: written by \`npm run charts\` from charts/${ACCOUNT}.\n`
  return { [RIGHTS]: head + documents.join('---\n') }
}

function schemaOf(name: string, values: Schema): string {
  const about = { $schema: 'http://json-schema.org/draft-07/schema#', title: `Values of the chart ${name}` }
  return `${JSON.stringify({ ...about, ...forgiving(values) }, null, 2)}\n`
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
  for (const generate of GENERATED) {
    const files = Object.entries(await generate((step) => console.log(step)))
    for (const [path, content] of files) await writeFile(path, content)
  }
}
