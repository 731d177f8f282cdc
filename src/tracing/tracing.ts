import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Options } from '../config/options.js';
import { TRACED_CALLS, type TracedCall, type Tracer } from '../kernel/span.js';
import { followTraces } from '../kernel/trace.js';
import { importOpenTelemetry, isOutOfReach } from './import-open-telemetry.js';
import { OpenTelemetryTracer } from './open-telemetry-tracer.js';
import { type TracingOptions, tracingOptions } from './tracing-options.js';

/**
 * Turns the calls that the features have declared into spans, once, at the start. Where tracing is off they stay as they are: nothing is asked at
 * a call.
 */
@Injectable()
export class Tracing implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('tracing');
  private readonly settings: TracingOptions;
  private undo: (() => void)[] = [];

  constructor(
    @Inject(TRACED_CALLS) private readonly calls: readonly TracedCall[],
    options: Options,
  ) {
    this.settings = options.of(tracingOptions);
  }

  /** @throws ConfigurationError when tracing was asked for and the package is not installed */
  async onModuleInit(): Promise<void> {
    const api = await importOpenTelemetry(this.settings);
    if (!api) return;
    if (isOutOfReach(api)) {
      this.logger.warn(
        'no spans are made: the SDK of OpenTelemetry has an older @opentelemetry/api than the one that is found here; install the same one',
      );
      return;
    }
    const tracer = new OpenTelemetryTracer(api);
    this.undo = [followTraces(tracer), ...this.calls.map((call) => install(call, tracer))];
    this.logger.log('spans are made for OpenTelemetry');
  }

  /** A host's own parts may outlive us. */
  onApplicationShutdown(): void {
    for (const undo of this.undo.splice(0).reverse()) undo();
  }
}

/** By object: its methods that are traced. Two applications may share a DataSource, and one span is enough. */
const traced = new WeakMap<object, Set<string>>();

/** Puts a traced method in the place of the one that was written. @returns what takes it away */
export function install({ of, method, around }: TracedCall, tracer: Tracer): () => void {
  const methods = traced.get(of) ?? new Set();
  const own = Object.getOwnPropertyDescriptor(of, method);
  // A host may give an object that is frozen: it is as good as any other, and not traced.
  const mayBeReplaced = own ? own.configurable : Object.isExtensible(of);
  if (methods.has(method) || !mayBeReplaced) return () => undefined;
  traced.set(of, methods.add(method));
  const parts = of as Record<string, (...given: unknown[]) => unknown>;
  const original = parts[method]!;
  const proceed = (...given: unknown[]) => original.apply(of, given);
  const inPlace = (...given: unknown[]) => around(tracer, proceed, ...(given as never[]));
  Object.defineProperty(of, method, {
    value: inPlace,
    configurable: true,
    writable: true,
    enumerable: own?.enumerable ?? false,
  });
  return () => {
    methods.delete(method);
    // Another party may have put its own in front meanwhile.
    if (parts[method] !== inPlace) return;
    if (own) Object.defineProperty(of, method, own);
    else delete parts[method];
  };
}
