/** The pages that people read: links lead somewhere, and what they tell people to run and to ask for is there. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { commandsOf, PAGES, shellBlocks } from '../helpers/documents.ts'
import { fluxionctl } from '../helpers/fluxionctl.ts'
import { DOCUMENT } from './routes.ts'

const SCRIPTS = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts)
const LINK = /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g
const ROUTE = /`(GET|POST|PUT|PATCH|DELETE) (\/[^`?\s]*)/g

const commands = PAGES.flatMap((page) =>
  shellBlocks(page).flatMap((block) => commandsOf(block).map((command) => ({ page, command }))),
)

t.test('has links that lead somewhere', async (t) => {
  for (const page of PAGES) {
    for (const [link, path, anchor] of readFileSync(page, 'utf8').matchAll(LINK)) {
      const target = path === '' ? page : join(dirname(page), path!)
      if (!t.ok(existsSync(target), `${page}: ${link}`) || anchor === undefined) continue
      t.ok(headingsOf(target).includes(anchor), `${page}: ${link}`)
    }
  }
})

t.test('names scripts of npm that there are', async (t) => {
  const named = commands.flatMap(({ page, command }) =>
    [...command.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script]) => ({ page, script: script! })),
  )
  t.ok(named.length > 0)
  for (const { page, script } of named) t.ok(SCRIPTS.includes(script), `${page}: npm run ${script}`)
})

t.test('names commands of fluxionctl, and options of them, that there are', async (t) => {
  const helps = new Map<string, string>()
  const named = commands.flatMap(({ page, command }) =>
    [...command.matchAll(/(?<![\w-/])fluxionctl ((?!completion|--)\w+)([^|;&)]*)/g)].map(([, name, rest]) => ({
      page,
      name: name!,
      options: [...rest!.matchAll(/ (--[\w-]+)/g)].map(([, option]) => option!),
    })),
  )
  t.ok(named.length > 10)
  for (const { page, name, options } of named) {
    const help = helps.get(name) ?? (await fluxionctl([name, '--help'])).out
    helps.set(name, help)
    t.match(help, `Usage: fluxionctl ${name}`, page)
    for (const option of options) t.match(help, option, `${page}: fluxionctl ${name} ${option}`)
  }
})

t.test('names routes that there are', async (t) => {
  const routes = new Set(
    Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`),
    ),
  )
  for (const page of PAGES) {
    for (const [, method, path] of readFileSync(page, 'utf8').matchAll(ROUTE)) {
      const route = path!.replace(/\{\w+\}|(?<=\/tenants\/)(?:user123|ID)(?=\/|$)/g, '{}').replace(/\/$/, '')
      if (['/openapi.json', '/docs'].includes(route)) continue
      t.ok(routes.has(`${method} ${route}`), `${page}: ${method} ${path}`)
    }
  }
})

/** As GitHub makes anchors of them. */
function headingsOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
