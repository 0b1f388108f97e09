import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { neededRights, type Right, reportMissingRights } from '../../../src/kubernetes/rights.ts'

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[]; resourceNames?: string[] }

const USE = { tenantRole: 'fluxiondb-provisioner-tenant', takesTokens: true }
const documents = parseAllDocuments(readFileSync('tools/service-account.yaml', 'utf8')).map((one) => one.toJS())
const RULES: Rule[] = documents.find(
  ({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'fluxiondb-provisioner',
).rules

const textOf = ({ group, resource, verb, name = '' }: Right) => `${verb} ${group}/${resource} ${name}`

/** Stands in for an API server that lists these rules, and knows of `unlisted` besides. */
async function told(resourceRules: Rule[], unlisted: string[] = []) {
  const lines: [missing: string[], message: string][] = []
  let asked = 0
  const authorization = {
    async createSelfSubjectRulesReview() {
      return { status: { resourceRules } }
    },
    async createSelfSubjectAccessReview({ body }: { body: { spec: { resourceAttributes: Record<string, string> } } }) {
      asked++
      const { resource, subresource, verb } = body.spec.resourceAttributes
      return { status: { allowed: unlisted.includes(`${verb} ${[resource, subresource].filter(Boolean).join('/')}`) } }
    },
  }
  const log = {
    info: () => {},
    warn: ({ missing }: { missing: string[] }, message: string) => lines.push([missing, message]),
  }
  await reportMissingRights({ authorization } as never, USE, log as never, new AbortController().signal)
  return { lines, asked }
}

t.test('are those of the chart, no more and no fewer', async (t) => {
  const given = RULES.flatMap(({ apiGroups, resources, verbs, resourceNames: [name] = [] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb, ...(name && { name }) }))),
    ),
  )
  const needed = Object.values(neededRights(USE)).flat()
  t.strictSame([...new Set(needed.map(textOf))].sort(), [...new Set(given.map(textOf))].sort())
})

t.test('are found by one question where nothing is missing', async (t) => {
  t.strictSame(await told(RULES), { lines: [], asked: 0 })
})

t.test('that are missing are told with what does not work without them', async (t) => {
  const rules = RULES.filter(({ resources }) => !resources.includes('pods/resize') && !resources.includes('nodes'))
  const { lines } = await told(rules, ['list limitranges'])
  t.strictSame(lines, [
    [['patch pods/resize'], 'rights are missing: a change of RAM restarts the database'],
    [['list nodes'], 'rights are missing: a plan cannot say what a change does'],
  ])
})

t.test('that are allowed for other objects only are missing', async (t) => {
  const rules = RULES.map((rule) => (rule.resourceNames ? { ...rule, resourceNames: ['another'] } : rule))
  const { lines } = await told(rules)
  t.match(lines, [[['bind clusterroles.rbac.authorization.k8s.io'], /no tenant can be created/]])
})
