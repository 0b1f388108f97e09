// Prints what Redocly's and Spectral's recommended rules find in a document, one line each; exit code 1 if anything.
import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Spectral } from '@stoplight/spectral-core'
import { oas } from '@stoplight/spectral-rulesets'

const [, , path] = process.argv
const source = readFileSync(path, 'utf8')
/** Probes take nothing that could be wrong. */
const PROBES = ['#/paths/~1livez/get/responses', '#/paths/~1readyz/get/responses']

const found = [...(await redocly()), ...(await spectral())]
for (const line of found) console.error(line)
console.log(`${path}: ${found.length} found by the recommended rules of Redocly and Spectral`)
process.exitCode = found.length === 0 ? 0 : 1

async function redocly() {
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source, absoluteRef: path, config })
  return problems
    .map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer }))
    .filter(({ ruleId, at }) => !(ruleId === 'operation-4xx-response' && PROBES.includes(at)))
    .map(({ ruleId, message, at }) => `redocly ${ruleId} at ${at}: ${message}`)
}

async function spectral() {
  const linter = new Spectral()
  linter.setRuleset({ extends: [[oas, 'recommended']] })
  const problems = await linter.run(JSON.parse(source))
  return problems.map(({ code, message, path }) => `spectral ${code} at ${path.join('.')}: ${message}`)
}
