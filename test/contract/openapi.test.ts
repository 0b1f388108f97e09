import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { openapiDocument } from '../../src/cli/openapi.ts'
import { CATALOGUE } from '../../src/errors.ts'
import { DOCUMENT, ROUTES } from './routes.ts'

/** Every `$ref` of the document, with where it stands. */
function references(value: unknown, at = '#'): [at: string, ref: string][] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, field]) =>
    key === '$ref' && typeof field === 'string' ? [[at, field]] : references(field, `${at}/${key}`),
  )
}

function resolve(ref: string): unknown {
  const [start, ...parts] = ref.split('/')
  if (start !== '#') return undefined
  return parts.reduce<unknown>((value, part) => (value as Record<string, unknown>)?.[part], DOCUMENT)
}

t.test('is committed as it is generated', async (t) => {
  const committed = readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')
  t.equal(`${JSON.stringify(await openapiDocument(), null, 2)}\n`, committed, 'run npm run generate')
})

t.test('refers only to what is in it', async (t) => {
  const all = references(DOCUMENT)
  t.ok(all.length > 20)
  for (const [at, ref] of all) t.type(resolve(ref), 'object', `${ref} at ${at}`)
})

t.test('names its components, so that clients have types with names', async (t) => {
  for (const name of Object.keys(DOCUMENT.components.schemas)) t.match(name, /^[A-Z][A-Za-z]+$/)
})

t.test('holds schemas that can be compiled, by the rules of OpenAPI 3.1', async (t) => {
  t.match(DOCUMENT.openapi, /^3\.1\./)
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema(DOCUMENT, 'openapi')
  for (const name of Object.keys(DOCUMENT.components.schemas)) {
    t.type(ajv.getSchema(`openapi#/components/schemas/${name}`), 'function', name)
  }
})

t.test('gives every operation an id of its own', async (t) => {
  const ids = ROUTES.map(({ operation }) => operation.operationId)
  for (const id of ids) t.match(id, /^[a-z][A-Za-z]+$/)
  t.equal(new Set(ids).size, ids.length)
})

for (const { method, path, operation, isPublic } of ROUTES) {
  const codes = Object.keys(operation.responses)

  t.test(`promises problems as answers of ${method} ${path}, and nothing else above 399`, async (t) => {
    t.equal(codes.includes('default'), !isPublic)
    for (const code of codes.filter((code) => (Number(code) >= 400 || code === 'default') && !isPublic)) {
      t.strictSame(operation.responses[code]!.content, {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })
    }
  })

  t.test(`promises for ${method} ${path} only statuses that a problem can have`, async (t) => {
    const known = Object.values(CATALOGUE).map(([status]) => String(status))
    for (const code of codes.filter((code) => Number(code) >= 400)) t.ok(known.includes(code), code)
  })
}

t.test('has words of its own for every answer, and no null among the values of a choice', async (t) => {
  const text = JSON.stringify(DOCUMENT)
  t.notMatch(text, /Default Response/)
  t.notMatch(text, /"enum":\[[^\]]*null/)
})

t.test('has an address for a tenant wherever a path has an id, under the rule for ids', async (t) => {
  for (const { method, path, operation } of ROUTES) {
    const { parameters = [] } = operation as {
      parameters?: { in: string; name: string; schema: { pattern?: string } }[]
    }
    const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    t.same(
      inPath,
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      `${method} ${path}`,
    )
    const id = parameters.find(({ name }) => name === 'id')
    if (id) t.match(id.schema, { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', minLength: 1, maxLength: 40 })
  }
})

t.test('has a name for every object in it', async (t) => {
  type Part = { properties?: Record<string, Part>; items?: Part; anyOf?: Part[] }
  const nameless = (part: Part, at: string, isTop = false): string[] => [
    ...(part.properties && !isTop ? [at] : []),
    ...Object.entries(part.properties ?? {}).flatMap(([key, field]) => nameless(field, `${at}.${key}`)),
    ...(part.items ? nameless(part.items, `${at}[]`) : []),
    ...(part.anyOf ?? []).flatMap((one) => nameless(one, at)),
  ]
  const schemas = Object.entries(DOCUMENT.components.schemas as Record<string, Part>)
  t.strictSame(
    schemas.flatMap(([name, schema]) => nameless(schema, name, true)),
    [],
  )
})

t.test('is the one that the clients in Go and Python were generated from', async (t) => {
  const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url))
  const digest = createHash('sha256').update(file('openapi/openapi.json')).digest('hex')
  t.equal(String(file('clients/openapi.sha256')).trim(), digest, 'run npm run generate:clients')
})
