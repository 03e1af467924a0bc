import type { Env } from './config-settings.ts'
import { currentScope, inScope } from './scope.ts'

/** What a span says of its work. Never a phone number, a name, a code, an address or a body. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface OpenSpan {
  readonly traceId: string
  /** Ends it; `error` is told by its kind, not by its words. */
  end(attributes?: Attributes, error?: unknown): void
}

export interface SpanStart {
  readonly name: string
  readonly kind: 'server' | 'client' | 'internal'
  readonly attributes: Attributes
  /** A span of ours, or the header `traceparent` of who called us (W3C Trace Context). */
  readonly parent: OpenSpan | string | undefined
  readonly links?: readonly OpenSpan[]
}

export interface Tracing {
  open(start: SpanStart): OpenSpan
  /** Sends what is not sent yet. */
  stop(): Promise<void>
}

let tracing: Tracing | undefined

/**
 * Begins to trace where `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` says where to; else nothing of
 * OpenTelemetry is even loaded. Answers the end of it.
 */
export async function startTracing(env: Env): Promise<() => Promise<void>> {
  const somewhere = env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  if (!somewhere || env.OTEL_SDK_DISABLED === 'true') return async () => {}
  const { openTelemetry } = await import('./open-telemetry.ts')
  const begun = openTelemetry(env)
  tracing = begun
  return async () => {
    tracing = undefined
    await begun.stop()
  }
}

/** Undefined where nothing is traced. */
export function openSpan(start: SpanStart): OpenSpan | undefined {
  return tracing?.open(start)
}

export function isTraced(): boolean {
  return tracing !== undefined
}

/** Runs `work` in a span under the current one. Where nothing is traced it only runs it. */
export async function traced<T>(
  kind: SpanStart['kind'],
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  links: readonly OpenSpan[] = [],
): Promise<T> {
  const scope = currentScope()
  const span = openSpan({ name, kind, attributes, parent: scope?.span, links })
  if (!span) return await work()
  try {
    const result = await inScope({ id: scope?.id ?? '', span }, work)
    span.end()
    return result
  } catch (error) {
    span.end({}, error)
    throw error
  }
}
