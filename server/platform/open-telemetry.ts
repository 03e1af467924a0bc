import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Env } from './config-settings.ts'
import { ownVersion } from './process-figures.ts'
import type { OpenSpan, SpanStart, Tracing } from './trace.ts'

const KINDS: Readonly<Record<SpanStart['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
}

/** A span of ours with the SDK's inside. */
interface Opened extends OpenSpan {
  readonly span: Span
}

/**
 * Tracing by OpenTelemetry's SDK, configured by its own variables: the exporter reads `OTEL_EXPORTER_OTLP_*`, the resource
 * `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`. Spans are sent by OTLP over HTTP, in batches, and dropped rather than
 * waited for.
 */
export function openTelemetry(env: Env): Tracing {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'baohao', 'service.version': ownVersion() }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(env.OTEL_TRACES_SAMPLER, env.OTEL_TRACES_SAMPLER_ARG),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  const tracer = provider.getTracer('baohao', ownVersion())
  return {
    open({ name, kind, attributes, parent, links = [] }) {
      const options = {
        kind: KINDS[kind],
        attributes,
        links: links.map((link) => ({ context: (link as Opened).span.spanContext() })),
      }
      return opened(tracer.startSpan(name, options, contextOf(parent)))
    },
    // What a collector that is gone did not take is lost; the end of the program does not wait for it to fail.
    stop: () => provider.shutdown().catch(() => undefined),
  }
}

function opened(span: Span): Opened {
  return {
    span,
    traceId: span.spanContext().traceId,
    end(attributes, error) {
      if (attributes) span.setAttributes(attributes)
      if (error !== undefined) {
        // A message may hold what was asked for; the kind of error holds nothing of anybody.
        span.setAttribute('error.type', kindOf(error))
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : error.name
}

/** Version, trace, span and flags of W3C Trace Context; of a later version only what this one knows. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-|$)/

function contextOf(parent: SpanStart['parent']): Context {
  if (parent === undefined) return ROOT_CONTEXT
  if (typeof parent !== 'string') return trace.setSpan(ROOT_CONTEXT, (parent as Opened).span)
  const [, traceId, spanId, flags] = TRACEPARENT.exec(parent) ?? []
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT
  const traceFlags = Number.parseInt(flags, 16) & 1
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

/** The samplers that OpenTelemetry's specification names, `parentbased_always_on` where nothing is said. */
function samplerOf(name = 'parentbased_always_on', argument = '1'): Sampler {
  const [, parentBased, root] = /^(parentbased_)?(always_on|always_off|traceidratio)$/.exec(name) ?? []
  const ratio = Number(argument)
  const samplers: Readonly<Record<string, () => Sampler>> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio >= 0 && ratio <= 1 ? ratio : 1),
  }
  const sampler = (samplers[root ?? 'always_on'] as () => Sampler)()
  return parentBased || root === undefined ? new ParentBasedSampler({ root: sampler }) : sampler
}
