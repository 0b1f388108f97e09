/** `npm run charts`: writes what follows from other files: the charts' READMEs, schemas and defaults. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { fluxiondbValues } from './chart-values/fluxiondb.ts'
import { forgiving } from './chart-values/forgiving.ts'
import type { Schema } from './chart-values/parts.ts'
import { OWNED, provisionerValues, settable } from './chart-values/provisioner.ts'
import { binaries } from './local-cluster/binaries.ts'
import { run } from './local-cluster/run.ts'
import type { Report } from './report.ts'

const CHARTS = join(import.meta.dirname, '..', 'charts')

/** What the generated files should hold, by path. */
export async function generated(report: Report): Promise<Record<string, string>> {
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
  for (const [path, content] of Object.entries(await generated((step) => console.log(step)))) {
    await writeFile(path, content)
  }
}
