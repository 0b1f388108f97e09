import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const document = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')

/** Headers that are there whenever the document has them. Others depend on what is answered. */
const ALWAYS = ['ETag', 'Location', 'X-Request-Id']

/** fetch() that throws if an answer is not what the OpenAPI document promises for its route and status. */
export const validatedFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init)
  const answer = await fetch(request)
  await checkAnswer(request.method, new URL(request.url).pathname, answer.clone())
  return answer
}

/** @throws Error that names the route, the status and what is wrong */
export async function checkAnswer(method: string, path: string, answer: Response): Promise<void> {
  const route = routeOf(path)
  const at = `${method} ${path} -> ${answer.status}`
  const type = (answer.headers.get('content-type') ?? '').split(';')[0]!
  if (route === undefined) {
    if (answer.status !== 404) throw new Error(`${at}: no such route in the document`)
    return
  }
  const operation = document.paths[route][method.toLowerCase()]
  if (operation === undefined) return // OPTIONS, or a method that the route does not have: 405.
  const status = operation.responses[answer.status] ? String(answer.status) : 'default'
  const promised = operation.responses[status]
  if (promised === undefined) throw new Error(`${at}: the document does not promise this status`)
  for (const name of ALWAYS) {
    if (promised.headers?.[name] && !answer.headers.has(name)) throw new Error(`${at}: it lacks ${name}`)
  }
  if (answer.status === 204 || promised.content === undefined) return
  const pointer = `openapi#/paths/${segment(route)}/${method.toLowerCase()}/responses/${status}/content/${segment(type)}/schema`
  if (promised.content[type] === undefined) throw new Error(`${at}: the document does not promise ${type}`)
  if (type.startsWith('text/')) return
  const body = await answer.json()
  const validate = ajv.getSchema(pointer)
  if (validate === undefined) throw new Error(`${at}: no schema at ${pointer}`)
  if (!validate(body)) throw new Error(`${at}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(body)}`)
}

function routeOf(path: string): string | undefined {
  return Object.keys(document.paths).find((route) => new RegExp(`^${route.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
}

const segment = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
