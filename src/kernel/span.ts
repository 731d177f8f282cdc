/**
 * What a span tells besides its name and its time. Each is from a small set, or a number: never a secret, an address, the id of a user, a parameter
 * of a statement, nor anything else that a client chooses.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** The description of a span, without its name. */
export interface SpanDescription {
  /** What it measures, in one sentence without a line break. */
  readonly help: string;
  /** By OpenTelemetry's kinds. Default `internal`. */
  readonly kind?: 'internal' | 'client' | 'consumer';
  /**
   * - `any`, the default: part of what is traced already, or a trace of its own.
   * - `trace`: only as a part. What no traced request and no traced job waits for, e.g. a heartbeat, makes none.
   * - `own`: a trace of its own, linked to the call that asked for it.
   */
  readonly within?: 'any' | 'trace' | 'own';
  /** All of its attributes, each with what it says. Others are left out. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The spans of a feature, by name; a name in braces stands for those that differ by what is in it, e.g. `EVALSHA {script}`. */
export type SpanDescriptions = Readonly<Record<string, SpanDescription>>;

/** A span as it was declared. */
export type DeclaredSpan = SpanDescription & { readonly name: string };

/** Declares the spans of a feature: the reference is generated from it, and {@link Tracer} begins only what was declared. */
export function defineSpans<const T extends SpanDescriptions>(
  descriptions: T,
): { readonly [K in keyof T]: DeclaredSpan } {
  const declared = Object.entries(descriptions).map(([name, one]) => [name, { ...one, name }]);
  return Object.fromEntries(declared);
}

/** A span that has begun. */
export interface Span {
  /** Adds attributes. Those that it does not declare are left out. */
  set(attributes: SpanAttributes): void;
}

/** What may be said of a span besides its attributes. */
export interface SpanOptions {
  /** In place of the declared name, where that has braces. From a small, closed set. */
  readonly name?: string;
  /** Of the call that asked for it, as {@link Tracer.position} gave it then. */
  readonly askedBy?: unknown;
}

/** Makes spans. There is one only where tracing is on: elsewhere the calls of {@link TracedCall}s are as they were written. */
export abstract class Tracer {
  /**
   * Does `work` within a span, which ends as the work does: when it returns or throws, or when its promise is settled. What the work throws
   * passes unchanged; the span has its code and reason, and neither its message nor its stack.
   */
  abstract run<T>(span: DeclaredSpan, attributes: SpanAttributes, work: (span: Span) => T, options?: SpanOptions): T;

  /** Adds attributes to the span that is under way, if it is one of ours and declares them. */
  abstract set(attributes: SpanAttributes): void;

  /** Where the call that is under way stands, as a text that may be kept (a `traceparent` of W3C); undefined outside of every trace. */
  abstract position(): string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the method takes
type Method = (...given: any[]) => unknown;

/** A method of one object that becomes a span, where tracing is on. */
export interface TracedCall {
  readonly of: object;
  readonly method: string;
  readonly around: (tracer: Tracer, proceed: Method, ...given: never[]) => unknown;
}

/**
 * Says how the calls of a method become spans.
 *
 * @param around is called in its place, with the method itself as `proceed`. Returns what that returns, and a promise only where that does
 * @example
 * traced(mailer, 'send', (tracer, send, mail) => tracer.run(spans['app.mail'], {}, () => send(mail)))
 */
export function traced<T extends object, K extends keyof T & string>(
  of: T,
  method: K,
  around: (
    tracer: Tracer,
    proceed: Extract<T[K], Method>,
    ...given: Parameters<Extract<T[K], Method>>
  ) => ReturnType<Extract<T[K], Method>>,
): TracedCall {
  return { of, method, around: around as unknown as TracedCall['around'] };
}

/** DI token of the traced calls of all features. */
export const TRACED_CALLS = Symbol('coatcheck.tracedCalls');
