import { AuthError } from '../kernel/auth-error.js';
import type { SpanAttributes } from '../kernel/span.js';

/** A reason may end in what a server or a header said. */
const LONGEST_REASON = 80;

/** What a span tells of an error. */
export interface SpanOutcome {
  readonly attributes: Record<string, string>;
  /** Whether something is wrong with the service. A caller who is refused is no such thing, or a stranger could raise every alert. */
  readonly isFault: boolean;
}

/** Attributes that every span may have besides its own. */
export const OUTCOME_ATTRIBUTES = {
  'coatcheck.code': 'The public code of the error that it ended with.',
  'coatcheck.reason': 'The reason of that error, as the audit and the log have it. No client is told it.',
  'error.type': 'Only of faults of the service: the code, the SQLSTATE, or the class of the error.',
} as const satisfies Readonly<Record<string, string>>;

type OutcomeAttributes = { -readonly [K in keyof typeof OUTCOME_ATTRIBUTES]?: string } & SpanAttributes;

/** Neither message nor stack: those of a database quote values, those of a mail server addresses. */
export function outcomeOf(error: unknown): SpanOutcome {
  const attributes: OutcomeAttributes = {};
  if (error instanceof AuthError) {
    attributes['coatcheck.code'] = error.code;
    if (error.reason !== undefined) attributes['coatcheck.reason'] = error.reason.slice(0, LONGEST_REASON);
    return withType(attributes, error.status >= 500, error.code);
  }
  return withType(attributes, statusOf(error) >= 500, typeOf(error));
}

function withType(attributes: OutcomeAttributes, isFault: boolean, type: string): SpanOutcome {
  if (isFault) attributes['error.type'] = type;
  return { attributes: attributes as Record<string, string>, isFault };
}

/** Of an exception of Nest's, e.g. one that a host's own guard throws. */
function statusOf(error: unknown): number {
  const { getStatus } = (error ?? {}) as { getStatus?: unknown };
  return typeof getStatus === 'function' ? Number(getStatus.call(error)) : 500;
}

/** The error's code where it has one (SQLSTATE, `ECONNREFUSED`), else its class. */
function typeOf(error: unknown): string {
  if (error === null || error === undefined) return '_OTHER';
  const { code, constructor: origin } = error as { code?: unknown; constructor?: { name?: unknown } };
  const known = [code, origin?.name].find((one) => typeof one === 'string' && /^\w{1,64}$/.test(one));
  return (known as string | undefined) ?? '_OTHER';
}
