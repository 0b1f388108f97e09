import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Import, isOwn, packageOf, SOURCES } from './sources.ts'

/** From the top down: a file may import what is in its own layer or below. */
const LAYERS: readonly (readonly string[])[] = [
  ['cli.ts', 'cli/'],
  ['server.ts', 'tracing.ts'],
  ['app.ts'],
  ['plugins/', 'routes/'],
  ['metrics/', 'defaults.ts'],
  ['schemas/', 'tenants/', 'credentials/', 'policy/', 'config.ts', 'settings.ts', 'access-settings.ts'],
  [
    'manifests/',
    'sizing/',
    'kubernetes/',
    'audit/',
    'background.ts',
    'canonical-json.ts',
    'shared-parts.ts',
    'spans.ts',
    'errors.ts',
    'clock.ts',
    'reloaded-file.ts',
    'tls.ts',
    'logger.ts',
    'version.ts',
  ],
]
/** The folders of tenants/, in the order in which one may import another: each knows only those before it. */
const TENANTS = [
  'record',
  'observe',
  'decide',
  'options',
  'plan',
  'adopt',
  'billing',
  'reconcile',
  'commands',
  'view',
  'stream',
  'insight',
  'diagnosis',
]
/** Files whose answers follow from their arguments alone. */
const PURE =
  /^(sizing\/|manifests\/|canonical-json\.ts$|shared-parts\.ts$|tenants\/decide\/|tenants\/adopt\/(launch|found|options|obstacles|adoption|ownership)\.ts$|tenants\/options\/(settle|rules|allowed|desire|immutable-options|hosts|pointers)\.ts$|policy\/(policy|host-patterns)\.ts$|tenants\/plan\/(?!facts\.ts)|tenants\/observe\/(observed|state|changes|sizes)\.ts$|tenants\/view\/(describe|conditions)\.ts$|tenants\/record\/(spec|operation|plan|outcome|transitions|limits|history|etag|literals|allotment)\.ts$|tenants\/billing\/(bill|allotted)\.ts$)/
const PURE_PACKAGES = ['@sinclair/typebox']
const IMPURE = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.|\bcrypto\.|\bprocess\.|\bfetch\(/
/** Outside src/kubernetes these alone use values of client-node, and none but what makes the headers of a call. */
const CLIENT_NODE_VALUES = [
  'tenants/observe/gather.ts',
  'tenants/reconcile/act-on-workloads.ts',
  'tenants/record/repository.ts',
]
/** Outside src/kubernetes this alone sends requests, to the issuer of tokens. */
const ISSUER_READER = 'credentials/fetch-bounded.ts'
const MOST_LINES = 200

const { dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const imports = SOURCES.flatMap(({ imports }) => imports)
const values = imports.filter(({ isType }) => !isType)
const shown = (some: readonly Import[]) => some.map(({ from, to }) => `${from} -> ${to}`)
const isPure = (file: string) => PURE.test(file)
const isIn = (folder: string) => (file: string) => file.startsWith(`${folder}/`)

function layerOf(file: string): number {
  return LAYERS.findIndex((layer) => layer.some((part) => (part.endsWith('/') ? file.startsWith(part) : file === part)))
}

t.test('reads the imports that it judges', async (t) => {
  t.ok(SOURCES.length > 50)
  const known = [
    { from: 'server.ts', to: 'app.ts', isType: false },
    { from: 'cli/service.ts', to: 'server.ts', isType: false },
    { from: 'tenants/decide/decide-deployment.ts', to: 'tenants/decide/decide.ts', isType: true },
    { from: 'tenants/decide/decide-deployment.ts', to: 'tenants/observe/observed.ts', isType: false },
    { from: 'version.ts', to: 'node:fs', isType: false },
  ]
  for (const one of known)
    t.ok(
      imports.some((other) => JSON.stringify(other) === JSON.stringify(one)),
      `${one.from} -> ${one.to}`,
    )
})

t.test('imports only files that are there and packages that are installed with the service', async (t) => {
  const files = SOURCES.map(({ file }) => file)
  const packages = Object.keys(dependencies)
  const unknown = imports.filter((one) => {
    if (isOwn(one)) return !files.includes(one.to)
    return !one.to.startsWith('node:') && !packages.includes(packageOf(one.to))
  })
  t.same(shown(unknown), [])
})

t.test('has a layer for every file', async (t) => {
  t.same(
    SOURCES.map(({ file }) => file).filter((file) => layerOf(file) === -1),
    [],
  )
})

t.test('imports one way: from the command line down to the manifests, and never up', async (t) => {
  t.same(shown(imports.filter(isOwn).filter(({ from, to }) => layerOf(from) > layerOf(to))), [])
})

t.test('has no two folders that need each other, and those of tenants/ in one order', async (t) => {
  const folderOf = (file: string) => file.split('/').slice(0, -1).join('/')
  const between = imports
    .filter(isOwn)
    .map(({ from, to }) => [folderOf(from), folderOf(to)] as const)
    .filter(([from, to]) => from !== to && from !== '' && to !== '')
  const known = new Set(between.map(([from, to]) => `${from} -> ${to}`))
  t.ok(known.has('tenants/view -> tenants/observe'))
  t.same(
    between.filter(([from, to]) => known.has(`${to} -> ${from}`)),
    [],
  )
  const rank = (folder: string) => TENANTS.indexOf(/^tenants\/([^/]+)/.exec(folder)?.[1] ?? '')
  const inTenants = between.filter((pair) => pair.every((folder) => folder.startsWith('tenants/')))
  t.notOk(inTenants.flat().some((folder) => rank(folder) === -1))
  t.same(
    inTenants.filter(([from, to]) => rank(from) < rank(to)),
    [],
  )
})

t.test('imports in no circle', async (t) => {
  const next = (file: string) => values.filter(({ from }) => from === file).map(({ to }) => to)
  const reachable = (from: string): Set<string> => {
    const seen = new Set<string>()
    for (const queue = next(from); queue.length > 0; ) {
      const file = queue.pop()!
      if (!seen.has(file)) queue.push(...next(file))
      seen.add(file)
    }
    return seen
  }
  t.same(
    SOURCES.map(({ file }) => file).filter((file) => reachable(file).has(file)),
    [],
  )
})

t.test(
  'keeps what decides, renders and computes free of clock, chance, Node, web framework and settings',
  async (t) => {
    const used = values.filter(({ from }) => isPure(from))
    t.same(shown(used.filter(isOwn).filter(({ to }) => !isPure(to))), [], 'it imports nothing that is not so free')
    const packages = used.filter((one) => !isOwn(one) && !PURE_PACKAGES.includes(packageOf(one.to)))
    t.same(shown(packages), [], 'nor a package')
    for (const { file, text } of SOURCES.filter(({ file }) => isPure(file))) t.notMatch(text, IMPURE, file)
  },
)

t.test('keeps the sizing, the manifests and what decides from knowing the settings or the web framework', async (t) => {
  const known = imports.filter(({ from, to }) => isPure(from) && ['config.ts', 'fastify'].includes(to))
  t.same(shown(known), [])
})

t.test('sends to the API server from one folder only', async (t) => {
  const others = values.filter(({ from }) => !isIn('kubernetes')(from))
  const callers = others.filter(({ to }) => packageOf(to) === 'undici').map(({ from }) => from)
  t.same(callers, [ISSUER_READER])
  const users = others.filter(({ to }) => packageOf(to) === '@kubernetes/client-node').map(({ from }) => from)
  t.same(users, CLIENT_NODE_VALUES)
})

t.test('reads the environment in no file but through what the launcher hands over', async (t) => {
  const readers = SOURCES.filter(
    ({ file, text }) => file !== 'config.ts' && /\bprocess\.env\b|\benv\b.*'node:process'/.test(text),
  )
  t.same(
    readers.map(({ file }) => file),
    [],
  )
})

t.test('knows of signals and exits in one file only', async (t) => {
  const enders = SOURCES.filter(({ text }) => /process\.(exit|on|once|kill|abort)\b|close-with-grace/.test(text))
  t.same(
    enders.map(({ file }) => file),
    ['server.ts'],
  )
})

t.test('has no file that is too long to be about one thing', async (t) => {
  const long = SOURCES.filter(({ text }) => text.split('\n').length > MOST_LINES)
  t.same(
    long.map(({ file }) => file),
    [],
  )
})
