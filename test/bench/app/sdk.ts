import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import {
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';

const KEPT = 1_000;

/** Is given every span, and keeps the latest. */
class LatestSpans implements SpanExporter {
  private kept: ReadableSpan[] = [];

  export(spans: ReadableSpan[], done: (result: { code: 0 }) => void): void {
    if (this.kept.length >= KEPT) this.kept = [];
    this.kept.push(...spans);
    done({ code: 0 });
  }

  async shutdown(): Promise<void> {}
}

/** An SDK as an operator sets one up, but for what it sends. */
export function registerSdk(): void {
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new LatestSpans())] }).register();
}

/** Has each request be a span, as an instrumentation of Node's `http` does. */
export function traceRequests(app: INestApplication): void {
  const server: Server = app.getHttpServer();
  const emit = server.emit as (event: string, ...given: unknown[]) => boolean;
  server.emit = function (this: Server, event: string, ...given: unknown[]) {
    if (event !== 'request') return emit.call(this, event, ...given);
    const [{ method }, reply] = given as [{ method: string }, { once(event: string, done: () => void): void }];
    const span = trace.getTracer('http').startSpan(method);
    reply.once('close', () => span.end());
    return context.with(trace.setSpan(context.active(), span), () => emit.call(this, event, ...given));
  } as Server['emit'];
}
