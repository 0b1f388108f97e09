/** Part of `npm run generate`: writes the pages of docs/reference/ that follow from the code, so that they are never behind it. */
import { writeFile } from 'node:fs/promises'
import { openapiDocument } from '../src/cli/openapi.ts'
import { SCOPES } from '../src/credentials/identity.ts'
import { CATALOGUE } from '../src/errors.ts'
import { type Observables, observeCluster } from '../src/metrics/gauges.ts'
import { createMetrics } from '../src/metrics/metrics.ts'
import { SettingsSchema } from '../src/settings.ts'

type Operation = { summary: string; description: string; tags: string[]; responses: Record<string, unknown> }
type Document = { tags: { name: string; description: string }[]; paths: Record<string, Record<string, Operation>> }
type Route = { request: string; scope: string } & Operation

const { tags, paths } = (await openapiDocument()) as unknown as Document
const routes: Route[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operation,
    request: `\`${method.toUpperCase()} ${path}\``,
    scope: /Needs the scope `(\w+)`/.exec(operation.description)?.[1] ?? 'none',
  })),
)

const PAGES: Record<string, string> = { api: api(), scopes: scopes(), errors: errors(), configuration: configuration() }
for (const [page, text] of Object.entries({ ...PAGES, metrics: metrics() })) {
  await writeFile(new URL(`../docs/reference/${page}.md`, import.meta.url), text)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function api(): string {
  const sections = tags.map(({ name, description }) => {
    const rows = routes
      .filter(({ tags: [tag] }) => tag === name)
      .map(({ request, summary, description }) => [request, `**${summary}.** ${description}`])
    return `## ${name}\n\n${description}\n\n${table(['request', 'does'], rows)}`
  })
  return `# The API

A running service shows its API at \`/docs\`, and gives the document that clients are generated from at \`/openapi.json\`. Errors are
[problems](errors.md), and what a credential may do is said by its [scopes](scopes.md).

| header | does |
|---|---|
| \`Authorization: Bearer fxp_...\` | the credential |
| \`Prefer: wait=30\` | holds the answer to a write until it has ended, or for so many seconds, 60 at most |
| \`Idempotency-Key\` | makes a write safe to repeat: the same request is done once |
| \`If-Match\`, \`If-None-Match\` | make a request depend on the \`ETag\` of what the caller has seen |
| \`X-Request-Id\` | is answered and logged, to find a request again |

${sections.join('\n\n')}
`
}

function scopes(): string {
  const opened = (scope: string) => routes.filter((route) => route.scope === scope).map(({ request }) => request)
  // Of one use of a request, which needs another scope too.
  const also = { purge: ['`DELETE /tenants/{id}?purge=true`, besides `delete`'] }
  const rows = SCOPES.map((scope) => [
    `\`${scope}\``,
    [...opened(scope), ...(also[scope as keyof typeof also] ?? [])].join(', '),
  ])
  return `# Scopes

A credential may do what its scopes say; \`admin\` includes all others. One that is bound to a tenant sees no other.

${table(['scope', 'opens'], rows)}

Without a credential: ${opened('none').join(', ')}, the page at \`/docs\` and \`/openapi.json\`.
`
}

function errors(): string {
  const rows = Object.entries(CATALOGUE).map(([code, [status, title]]) => [`\`${code}\``, `${status}`, `${title}.`])
  return `# Errors

An error is a problem document (RFC 9457, \`application/problem+json\`). \`code\` is for programs and does not change; \`detail\` is for people;
\`errors\` names each field that is wrong, by its JSON pointer, with the rule that it breaks. \`retryable\` says whether the same request may
succeed later. \`requestId\` finds the request in the log.

${table(['code', 'status', 'says'], rows)}
`
}

function configuration(): string {
  const rows = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const { default: fallback, description, minimum, maximum, anyOf } = schema as Record<string, unknown>
    const choices = (anyOf as { const: string }[] | undefined)?.map(({ const: value }) => `\`${value}\``)
    const bounds = minimum === undefined ? '' : `${minimum}${maximum === undefined ? ' or more' : ` to ${maximum}`}`
    return [`\`${name}\``, fallback === '' ? '' : `\`${fallback}\``, choices?.join(', ') ?? bounds, String(description)]
  })
  return `# Configuration

Settings are environment variables. \`npx fluxiondb-provisioner config\` prints those in force; one that is misspelt or out of bounds stops the start, by
its name. In the chart they stand under \`settings\` ([all values](../../charts/fluxiondb-provisioner/README.md)).

${table(['setting', 'default', 'may be', 'what it is'], rows)}
`
}

function metrics(): string {
  const own = createMetrics()
  // Nothing is asked of them before the metrics are.
  observeCluster(own, {} as Observables)
  const rows = own.registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('fluxiondb_'))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((metric) => {
      const { name, type, help, labelNames } = metric as typeof metric & { labelNames: readonly string[] }
      return [`\`${name}\``, String(type), labelNames.map((label) => `\`${label}\``).join(', '), help]
    })
  return `# Metrics

\`GET /metrics\` answers in Prometheus' format to a credential with the scope \`metrics\`. Besides these there are those of the process itself
(\`process_\`, \`nodejs_\`). None has a tenant's id as a label.

${table(['name', 'kind', 'labels', 'what it is'], rows)}

The chart has alert rules (\`alerts.enabled\`) and a dashboard for Grafana (\`dashboard.enabled\`) that use them.
`
}
