import { globSync } from 'node:fs'
import t from 'tap'

const ROOT = new URL('../../', import.meta.url)
const modules = globSync('src/**/*.ts', { cwd: ROOT }).sort()

/** Timers, connections and processes that keep this one alive. */
const started = () => process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate|TCP|TLS|Process/.test(kind))

t.test('loads every module by itself, and none of them starts anything', async (t) => {
  const before = started()
  for (const module of modules) await t.resolves(import(new URL(module, ROOT).href), module)
  t.same(started(), before)
})
