import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api'
import type { FastifyBaseLogger } from 'fastify'
import { VERSION } from './version.ts'

/**
 * Begins to send traces. What that needs is loaded only then.
 * @param endpoint of an OpenTelemetry collector that takes OTLP over HTTP; empty: none are sent
 * @returns what sends the rest and ends it
 */
export async function startTracing(endpoint: string, log: FastifyBaseLogger): Promise<() => Promise<void>> {
  if (endpoint === '') return async () => {}
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks')
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core')
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace')
  const warn = (message: string) => log.warn({ detail: message }, 'traces could not be sent')
  const quiet = () => {}
  diag.setLogger({ error: warn, warn, info: quiet, debug: quiet, verbose: quiet }, DiagLogLevel.WARN)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  // What cannot be sent holds up the end of the process for so long.
  const exporter = new OTLPTraceExporter({ timeoutMillis: 5000, url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'fluxiondb-provisioner', 'service.version': VERSION }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  trace.setGlobalTracerProvider(provider)
  return () => provider.shutdown()
}
