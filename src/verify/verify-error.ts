import { randomUUID } from 'node:crypto';
import { Challenges } from '../http/challenges.js';
import { AUTH_ERRORS, type AuthChallenge, type AuthErrorCode } from '../kernel/auth-error.js';

/** The codes with which a verifier refuses: the same, and with the same meaning, as those of the service. */
export type VerifyErrorCode = Extract<
  AuthErrorCode,
  'unauthenticated' | 'token_expired' | 'session_ended' | 'forbidden' | 'csrf_rejected' | 'unavailable'
>;

/** What a refusal says beside its code. */
export interface VerifyErrorDetails {
  /** Why, for the log of the service that verifies; never sent. Contains no secret. */
  readonly reason: string;
  readonly challenge?: AuthChallenge;
  /** Sent as `Retry-After` with `unavailable`; default 1. */
  readonly retryAfterSeconds?: number;
  /** Replaces the code's own words where a client needs to be told more. */
  readonly detail?: string;
  /** Nothing of it is sent. */
  readonly cause?: unknown;
}

/** The body of a refusal, RFC 9457. */
export interface VerifyProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: VerifyErrorCode;
  readonly detail: string;
  readonly requestId: string;
}

const CHALLENGES = new Challenges(['Bearer realm="coatcheck"'], 'https://unused.invalid');
const REQUEST_ID = /^[A-Za-z0-9._:@/+=-]{1,128}$/;

/**
 * A request that was refused: `status`, `code` and `headers` are the reply's. The message says why, for the log, and holds no ticket.
 */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
  readonly status: number;
  /** Without those of the body. */
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  private readonly detail: string;

  constructor(
    readonly code: VerifyErrorCode,
    { reason, challenge, retryAfterSeconds = 1, detail, cause }: VerifyErrorDetails,
  ) {
    super(`${code}: ${reason}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
    this.status = AUTH_ERRORS[code].status;
    this.detail = detail ?? AUTH_ERRORS[code].detail;
    const asked = CHALLENGES.of({ status: this.status, code, challenge });
    this.headers = Object.freeze({
      'Cache-Control': 'no-store',
      ...(asked !== null && { 'WWW-Authenticate': asked }),
      ...(code === 'unavailable' && { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
    });
  }

  /** The body, as `application/problem+json`. @param requestId as the client or a proxy named the request; anything odd is replaced */
  problem(requestId?: unknown): VerifyProblem {
    const isUsable = typeof requestId === 'string' && REQUEST_ID.test(requestId);
    return {
      type: `urn:coatcheck:problem:${this.code}`,
      title: AUTH_ERRORS[this.code].title,
      status: this.status,
      code: this.code,
      detail: this.detail,
      requestId: isUsable ? requestId : randomUUID(),
    };
  }
}

/** A token that is none of ours, or not for this service. */
export function invalidToken(reason: string, detail?: string): VerifyError {
  const challenge = { error: 'invalid_token' } as const;
  return new VerifyError('unauthenticated', { reason, challenge, ...(detail !== undefined && { detail }) });
}

/** Nothing can be said about the ticket at this moment. */
export function unavailable(reason: string, cause?: unknown, retryAfterSeconds?: number): VerifyError {
  return new VerifyError('unavailable', {
    reason,
    cause,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
