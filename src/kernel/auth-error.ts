/** HTTP status of each public code. The codes are the contract with clients: adding one is minor, changing one is major. */
export const STATUS_OF_CODE = {
  validation_failed: 400,
  invalid_token: 400,
  invalid_credentials: 401,
  unauthenticated: 401,
  token_expired: 401,
  session_ended: 401,
  email_unverified: 403,
  user_banned: 403,
  forbidden: 403,
  csrf_rejected: 403,
  step_up_required: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

/** What a client may act on. */
export type AuthErrorCode = keyof typeof STATUS_OF_CODE;

/** One refused field of a request: `field` is a dotted path, `rule` the name of the violated rule. */
export interface FieldError {
  readonly field: string;
  readonly rule: string;
  readonly message: string;
}

/** A fresher or stronger login that a route asks for. */
export interface StepUp {
  /** How old the newest proof may be. */
  readonly maxAgeSeconds: number;
  /** What must be among the proofs, RFC 8176 §2. */
  readonly amr: readonly string[];
}

/** Whether a proof was the user's own; `unjudged`: nobody looked. */
export type ProofOutcome = 'right' | 'wrong' | 'unjudged';

export interface AuthErrorDetails {
  /** Why, for the audit and the log; never sent to the client. Contains no secret. */
  readonly reason?: string;
  readonly cause?: unknown;
  /** Whom a refused proof was meant for, if the server knows: for the audit, never sent to the client. */
  readonly userId?: string | undefined;
  /** Sent with `validation_failed`. */
  readonly errors?: readonly FieldError[];
  /** Sent with `step_up_required`: which proof would do. */
  readonly stepUp?: StepUp;
  /**
   * What became of the proof that was given, for those who count guesses; never sent. Absent: it was wrong, unless the error is the
   * server's own (5xx) or the request was malformed. So whoever answers a wrong proof with whatever code cannot hide it.
   */
  readonly proof?: ProofOutcome;
  /** Whether a request that could not be served counts under its limits all the same: its own client kept it from being served. */
  readonly isCharged?: boolean;
  /** Sent as `Retry-After` with `rate_limited` and `unavailable`; 1 when absent. */
  readonly retryAfterSeconds?: number;
}

/**
 * The only error this product throws on purpose: a closed public `code` for the client, an open internal `reason` for the
 * operator. Test for it with `error instanceof AuthError && error.code === 'session_ended'`.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly reason: string | undefined;
  readonly userId: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly stepUp: StepUp | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly proof: ProofOutcome | undefined;
  readonly isCharged: boolean;

  constructor(
    readonly code: AuthErrorCode,
    details: AuthErrorDetails = {},
  ) {
    super(details.reason ? `${code}: ${details.reason}` : code, { cause: details.cause });
    this.reason = details.reason;
    this.userId = details.userId;
    this.errors = details.errors;
    this.stepUp = details.stepUp;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.proof = details.proof;
    this.isCharged = details.isCharged ?? false;
  }

  get status(): number {
    return STATUS_OF_CODE[this.code];
  }
}
