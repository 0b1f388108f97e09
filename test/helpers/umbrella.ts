import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { KubernetesObject } from '@kubernetes/client-node'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { helm } from '../../tools/helm.ts'

export type Values = { [key: string]: unknown }
type Rendered = KubernetesObject & Values

const alias = (index: number) => `as-${index}-dependency`

/**
 * Renders a chart as a dependency of an umbrella chart, once for each of many values, in one run of Helm.
 * @param cases values as the umbrella's user gives them, by what they are about
 * @returns the objects of each by kind, named as if the chart had no alias; and all of it as Helm has printed it
 */
export async function renderMany<K extends string>(t: Test, chart: string, cases: Record<K, Values>) {
  const name = basename(chart)
  const folder = umbrella(t, chart, Object.keys(cases).length)
  const values = Object.values<Values>(cases).map((one, index) => [alias(index), one])
  const file = join(folder, 'user.json')
  writeFileSync(file, JSON.stringify(Object.fromEntries(values)))
  const text = await helm(['template', 'db', folder, '--namespace=sales', `--values=${file}`], () => {})
  const documents = text.split(/^---$/m).filter((one) => one.includes('kind:'))
  const objects = Object.keys(cases).map((what, index) => {
    const own = documents.filter((one) => one.includes(`/charts/${alias(index)}/`))
    return [what, byKind(own.map((one) => parse(withoutAlias(one, index, name))))]
  })
  return { objects: Object.fromEntries(objects) as Record<K, Record<string, Rendered>>, text }
}

/** A chart that depends on another, `count` times, each under an alias and by the condition that is Helm's habit. */
export function umbrella(t: Test, chart: string, count: number): string {
  const name = basename(chart)
  const aliases = Array.from({ length: count }, (_, index) => alias(index))
  const dependencies = aliases.map((alias) => ({
    name,
    alias,
    version: '*',
    repository: '',
    condition: `${alias}.enabled`,
  }))
  const folder = join(t.testdir(), 'umbrella')
  for (const part of ['charts', 'templates']) mkdirSync(join(folder, part), { recursive: true })
  cpSync(chart, join(folder, 'charts', name), { recursive: true })
  writeFileSync(
    join(folder, 'Chart.yaml'),
    JSON.stringify({ apiVersion: 'v2', name: 'umbrella', version: '0.1.0', dependencies }),
  )
  return folder
}

/** As a variable's name too. */
function withoutAlias(text: string, index: number, name: string): string {
  const variable = (text: string) => text.toUpperCase().replaceAll('-', '_')
  return text.replaceAll(alias(index), name).replaceAll(variable(alias(index)), variable(name))
}

/** Two of one kind are both in the list under it. */
function byKind(objects: Rendered[]): Record<string, Rendered> {
  return Object.fromEntries(
    Object.entries(Object.groupBy(objects, ({ kind }) => kind!)).map(([kind, all]) => [
      kind,
      all!.length === 1 ? all![0]! : ({ kind, all } as unknown as Rendered),
    ]),
  )
}
