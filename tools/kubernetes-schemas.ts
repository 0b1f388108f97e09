import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachePath } from './cache.ts'
import { kubernetesModule, kubernetesVersion } from './local-cluster/binaries.ts'
import { run } from './local-cluster/run.ts'

type Schema = { properties?: Record<string, Schema>; $ref?: string; format?: string; [key: string]: unknown }
type Kind = { group: string; version: string; kind: string }

const MODULES = join(import.meta.dirname, 'local-cluster', 'go', kubernetesModule)
const PREFIX = '#/definitions/'

/**
 * A folder of Kubernetes' own schemas as kubeconform takes them, one file per kind, in which no unknown field passes. They come
 * from the source of the version that the local cluster is built from: no schema server has to be reached.
 */
export async function kubernetesSchemas(): Promise<string> {
  const version = await kubernetesVersion()
  const folder = cachePath('schemas', version)
  if (existsSync(folder)) return folder
  const source = (await run('go', ['list', '-m', '-f', '{{.Dir}}', 'k8s.io/kubernetes'], { cwd: MODULES })).trim()
  const { definitions } = JSON.parse(await readFile(join(source, 'api', 'openapi-spec', 'swagger.json'), 'utf8'))
  const unfinished = `${folder}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  const strict = Object.fromEntries(Object.entries<Schema>(definitions).map(([name, one]) => [name, strictly(one)]))
  await writeFile(join(unfinished, 'definitions.json'), JSON.stringify({ definitions: strict }))
  for (const [name, definition] of Object.entries<Schema>(definitions)) {
    const [kind, ...others] = (definition['x-kubernetes-group-version-kind'] ?? []) as Kind[]
    if (!kind || others.length > 0) continue // What several groups share, such as DeleteOptions, is no object.
    await writeFile(join(unfinished, fileOf(kind)), JSON.stringify({ $ref: `definitions.json${PREFIX}${name}` }))
  }
  await moveOrDrop(unfinished, folder)
  return folder
}

/** Another process may have made the same meanwhile. */
async function moveOrDrop(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as { code?: string }).code ?? '')) throw error
    await rm(unfinished, { recursive: true })
  }
}

/** As kubeconform's template for names has it: `{{.ResourceKind}}{{.KindSuffix}}.json`. */
function fileOf({ group, version, kind }: Kind): string {
  return `${[kind, group.split('.')[0], version].filter(Boolean).join('-').toLowerCase()}.json`
}

function strictly(schema: Schema): Schema {
  const { properties, ...rest } = schema
  if (schema.format === 'int-or-string') return { oneOf: [{ type: 'string' }, { type: 'integer' }] }
  if (properties === undefined) return withinOf(rest)
  const each = Object.entries(properties).map(([name, one]) => [name, strictly(one)])
  return { ...withinOf(rest), properties: Object.fromEntries(each), additionalProperties: false }
}

function withinOf(schema: Schema): Schema {
  const within = Object.entries(schema).map(([key, value]) => {
    return [key, ['items', 'additionalProperties'].includes(key) ? strictly(value as Schema) : value]
  })
  return Object.fromEntries(within)
}
