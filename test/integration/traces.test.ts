/** A request's trace, as a collector is sent it: from the caller's own, over the passes, to the calls to the API server. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { until, untilState } from '../helpers/api.ts'
import { testCluster } from '../helpers/cluster.ts'
import { serve } from '../helpers/serve.ts'
import { newUserId } from '../helpers/tenant-objects.ts'

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string }

const TRACE = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const CALLER = '00f067aa0ba902b7'
const KEY = 'canary-in-a-trace'
const cluster = await testCluster()

t.test('a trace goes from the request to the calls that it takes, and holds no secret', async (t) => {
  const collector = await startCollector()
  t.teardown(() => collector.close())
  const service = await serve(t, cluster, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.address })
  const { api } = service
  const userId = newUserId(t, cluster, 'traced')
  const headers = { traceparent: `00-${TRACE}-${CALLER}-01` }
  const { status } = await api('POST', '/tenants', { userId, ramSize: '128Mi', apiKey: KEY }, headers)
  t.equal(status, 202)
  if (cluster.runsPods) await untilState(api, userId, 'active')
  await until('the passes are there', async () => collector.spans().some(({ name }) => name === 'PATCH deployments'))
  await service.stop()

  const spans = collector.spans()
  const ofTrace = spans.filter(({ traceId }) => traceId === TRACE)
  const named = (name: string) => ofTrace.filter((span) => span.name === name)
  const [request] = named('POST /tenants')
  t.equal(request?.parentSpanId, CALLER, 'the trace is the one of the caller')
  const [record] = named('POST namespaces')
  t.equal(record?.parentSpanId, request?.spanId, 'what the request itself writes')
  const passes = named('reconcile')
  t.ok(passes.length > 0 && passes.every(({ parentSpanId }) => parentSpanId === request?.spanId), 'the passes')
  const [deployment] = named('PATCH deployments').slice(-1)
  t.ok(
    passes.some(({ spanId }) => spanId === deployment?.parentSpanId),
    'and what they write',
  )
  t.notOk(
    spans.some(({ name }) => name.includes('leases')),
    'what a process does for itself is no trace',
  )
  for (const secret of [KEY, Buffer.from(KEY).toString('base64'), service.key]) {
    t.notOk(collector.received().includes(secret))
  }
})

t.test('a collector that does not answer is told of, and holds nothing up', async (t) => {
  const service = await serve(t, cluster, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  await until('it answers', async () => (await service.api('GET', '/tenants')).status === 200)
  await until('it is told of', async () => service.log.some((line) => line.includes('traces could not be sent')))
})

async function startCollector() {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    bodies.push(await text(request))
    response.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => bodies.join('\n'),
    spans: (): Span[] =>
      bodies.flatMap((body) =>
        JSON.parse(body).resourceSpans.flatMap((of: { scopeSpans: { spans: Span[] }[] }) =>
          of.scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    close: () => server.close(),
  }
}
