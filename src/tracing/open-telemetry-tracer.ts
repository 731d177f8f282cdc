import { types } from 'node:util';
import type { Attributes, Context, Span as OtelSpan, Tracer as OtelTracer, SpanContext } from '@opentelemetry/api';
import { type DeclaredSpan, type Span, type SpanAttributes, type SpanOptions, Tracer } from '../kernel/span.js';
import type { Placed, TracePlaces } from '../kernel/trace.js';
import type { OpenTelemetry } from './import-open-telemetry.js';
import { outcomeOf } from './span-outcome.js';

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Nothing of what is traced. */
const NO_SPAN: Span = { set: () => undefined };

/**
 * Spans by the API of OpenTelemetry. Whatever the SDK behind it does, the work is done, once, and what comes of it passes unchanged: an SDK that
 * throws costs a span.
 */
export class OpenTelemetryTracer extends Tracer implements TracePlaces {
  private readonly tracer: OtelTracer;
  /** In a context: the span of ours that is under way. */
  private readonly ours: symbol;
  /** In a context without a span: those of the calls that something is done for. */
  private readonly links: symbol;

  constructor(private readonly api: OpenTelemetry) {
    super();
    this.tracer = api.trace.getTracer('coatcheck');
    this.ours = api.createContextKey('coatcheck.span');
    this.links = api.createContextKey('coatcheck.links');
  }

  run<T>(declared: DeclaredSpan, attributes: SpanAttributes, work: (span: Span) => T, options: SpanOptions = {}): T {
    const begun = attempt(() => this.begin(declared, attributes, options));
    if (!begun) return work(NO_SPAN);
    const { span, context } = begun;
    try {
      const result = this.within(context, () => work(span));
      if (!types.isPromise(result)) {
        span.end();
        return result;
      }
      return result.then(
        (value) => {
          span.end();
          return value;
        },
        (error) => {
          span.fail(error);
          throw error;
        },
      ) as T;
    } catch (error) {
      span.fail(error);
      throw error;
    }
  }

  set(attributes: SpanAttributes): void {
    attempt(() => (this.api.context.active().getValue(this.ours) as RunningSpan | undefined)?.set(attributes));
  }

  position(): string | undefined {
    return attempt(() => {
      const place = this.api.trace.getSpanContext(this.api.context.active());
      if (!place || !this.api.isSpanContextValid(place)) return undefined;
      const flags = (place.traceFlags & 0xff).toString(16).padStart(2, '0');
      return `00-${place.traceId}-${place.spanId}-${flags}`;
    });
  }

  current(): Context | undefined {
    return attempt(() => {
      const active = this.api.context.active();
      return this.api.trace.getSpanContext(active) ? active : undefined;
    });
  }

  onBehalfOf<T>(calls: readonly Placed[], work: () => T): T {
    const places = new Map<string, Context>();
    attempt(() => {
      for (const { place } of calls) {
        const known = place && this.api.trace.getSpanContext(place as Context);
        if (known) places.set(known.spanId, place as Context);
      }
    });
    const [only] = places.values();
    if (places.size === 1) return this.within(only!, work);
    if (places.size === 0) return this.outside(work);
    const links = [...places.values()].map((place) => this.api.trace.getSpanContext(place));
    return this.within(this.api.ROOT_CONTEXT.setValue(this.links, links), work);
  }

  outside<T>(work: () => T): T {
    return this.within(this.api.ROOT_CONTEXT, work);
  }

  /** Undefined: there is to be none. */
  private begin(declared: DeclaredSpan, attributes: SpanAttributes, { name = declared.name, askedBy }: SpanOptions) {
    const { within = 'any', kind = 'internal' } = declared;
    const { trace, context, SpanKind } = this.api;
    const active = context.active();
    const links =
      within === 'own' ? linkTo(askedBy) : ((active.getValue(this.links) as SpanContext[] | undefined) ?? []);
    if (within === 'trace' && links.length === 0 && !trace.getSpanContext(active)) return undefined;
    const parent = within === 'own' ? this.api.ROOT_CONTEXT : active;
    const options = {
      kind: { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER }[kind],
      attributes: declaredOf(declared, attributes),
      links: links.map((place) => ({ context: place })),
      root: within === 'own',
    };
    const begun = this.tracer.startSpan(name, options, parent);
    const span = new RunningSpan(declared, begun, this.api.SpanStatusCode.ERROR);
    const inner = trace.setSpan(parent, begun).deleteValue(this.links).setValue(this.ours, span);
    return { span, context: inner };
  }

  /** The context manager is the SDK's too. */
  private within<T>(context: Context, work: () => T): T {
    let hasBegun = false;
    const once = () => {
      hasBegun = true;
      return work();
    };
    try {
      return this.api.context.with(context, once);
    } catch (error) {
      if (hasBegun) throw error;
      return work();
    }
  }
}

class RunningSpan implements Span {
  constructor(
    private readonly declared: DeclaredSpan,
    private readonly span: OtelSpan,
    private readonly errorStatus: number,
  ) {}

  set(attributes: SpanAttributes): void {
    attempt(() => this.span.setAttributes(declaredOf(this.declared, attributes)));
  }

  end(): void {
    attempt(() => this.span.end());
  }

  fail(error: unknown): void {
    attempt(() => {
      const { attributes, isFault } = outcomeOf(error);
      this.span.setAttributes(attributes);
      if (isFault) this.span.setStatus({ code: this.errorStatus });
    });
    this.end();
  }
}

function declaredOf({ attributes: declared = {} }: DeclaredSpan, given: SpanAttributes): Attributes {
  const kept: Attributes = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && Object.hasOwn(declared, name)) kept[name] = value;
  }
  return kept;
}

function linkTo(position: unknown): SpanContext[] {
  const [, traceId, spanId, flags] = (typeof position === 'string' && TRACEPARENT.exec(position)) || [];
  return traceId && spanId && flags
    ? [{ traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true }]
    : [];
}

/** Undefined when it throws. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
