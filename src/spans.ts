import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

// Where no traces are sent (tracing.ts) all of this does nothing.
const tracer = trace.getTracer('fluxiondb-provisioner')

/** A request of a caller, from its first byte on. @returns what is to run in it, and what ends it */
export function beginRequest(headers: Record<string, unknown>, name: string, attributes: Attributes) {
  const caller = propagation.extract(context.active(), headers)
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller)
  const within = trace.setSpan(caller, span)
  return {
    run: (work: () => void) => context.with(within, work),
    end(status: number) {
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

/** A call to the API server, if it belongs to anything: those that a process makes for itself are no traces. */
export function inCall<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return trace.getActiveSpan() === undefined ? work() : inSpan(name, SpanKind.CLIENT, attributes, work)
}

/** A pass over a tenant, and the request that asked for it, wherever that was taken. */
export type Pass = { attributes: Attributes; traceparent: string | undefined }

export function inPass<T>({ attributes, traceparent }: Pass, work: () => Promise<T>): Promise<T> {
  // What is active may be the pass that has put this one into the queue.
  const asked = traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent })
  return context.with(asked, () => inSpan('reconcile', SpanKind.INTERNAL, attributes, work))
}

/** Of what is under way, as W3C writes it: so that another process goes on with the same trace. Empty where none is sent. */
export function traceparent(): { traceparent?: string } {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent === undefined ? {} : { traceparent: carrier.traceparent }
}

function inSpan<T>(name: string, kind: SpanKind, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      // Its message may hold what no trace should.
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).name })
      throw error
    } finally {
      span.end()
    }
  })
}
