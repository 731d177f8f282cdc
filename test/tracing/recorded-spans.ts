import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { context, propagation, type Span, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/** A span and those within it: its name alone, where there are none. */
export type SpanTree = string | SpanBranch;

/** The name of a span, then what is within it. */
interface SpanBranch extends ReadonlyArray<SpanTree> {}

/** What a real SDK is given, until its end: it is the whole process's, and other files of tests have none. */
export class RecordedSpans {
  private readonly exporter = new InMemorySpanExporter();

  /** @param others that see every span too */
  constructor(others: readonly SpanProcessor[] = []) {
    const spanProcessors = [...others, new SimpleSpanProcessor(this.exporter)];
    new NodeTracerProvider({ spanProcessors }).register();
  }

  /** From now on there is no SDK. */
  end(): void {
    for (const registered of [trace, context, propagation]) registered.disable();
  }

  /** In the order in which they ended. */
  get all(): ReadableSpan[] {
    return this.exporter.getFinishedSpans();
  }

  named(name: string): ReadableSpan[] {
    return this.all.filter((span) => span.name === name);
  }

  forget(): void {
    this.exporter.reset();
  }

  /** Whatever a span within it, or it, is. */
  tree(root: ReadableSpan): SpanTree {
    const within = this.within(root).map((span) => this.tree(span));
    return within.length === 0 ? root.name : [root.name, ...within];
  }

  /** In the order in which they began. */
  within(span: ReadableSpan): ReadableSpan[] {
    const { traceId, spanId } = span.spanContext();
    return this.all
      .filter((one) => one.parentSpanContext?.spanId === spanId && one.spanContext().traceId === traceId)
      .sort((one, other) => nanoseconds(one) - nanoseconds(other));
  }

  /** All that they say besides names, which the caller looks at: one text. */
  get text(): string {
    const said = this.all.map(({ name, attributes, events, links, status }) => ({
      name,
      attributes,
      events,
      links,
      status,
    }));
    return JSON.stringify(said);
  }
}

/** Has each request of a server be a span, as an instrumentation of Node's `http` does. */
export function traceRequests(app: INestApplication): void {
  const server: Server = app.getHttpServer();
  const emit = server.emit as (event: string, ...given: unknown[]) => boolean;
  server.emit = function (this: Server, event: string, ...given: unknown[]) {
    if (event !== 'request') return emit.call(this, event, ...given);
    const [request, reply] = given as [
      { method: string; url: string },
      { once(event: string, done: () => void): void },
    ];
    const span: Span = trace.getTracer('http').startSpan(`${request.method} ${request.url}`);
    reply.once('close', () => span.end());
    return context.with(trace.setSpan(context.active(), span), () => emit.call(this, event, ...given));
  } as Server['emit'];
}

function nanoseconds({ startTime: [seconds, nanos] }: ReadableSpan): number {
  return (seconds % 100_000) * 1e9 + nanos;
}
