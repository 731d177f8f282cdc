/**
 * Every public code, with its HTTP status and what a person may read: it says nothing that the code does not say. The codes are the
 * contract with clients: adding one is minor, changing one is major.
 */
export const AUTH_ERRORS = {
  validation_failed: {
    status: 400,
    title: 'Bad request',
    detail: 'The request body, query or parameters are invalid.',
  },
  invalid_token: {
    status: 400,
    title: 'Invalid link or code',
    detail: 'The link or code is unknown, used, expired or meant for another purpose.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Invalid credentials',
    // The same for everyone: so it does not tell that an address is registered.
    detail:
      'The e-mail address or password is incorrect. The same answer is given for a wrong code or passkey. If you have just registered, look into your mailbox and follow the link first.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not logged in',
    detail: 'This route requires a valid session, token, API key or certificate.',
  },
  token_expired: { status: 401, title: 'Access token expired', detail: 'Refresh the access token and try again.' },
  session_ended: { status: 401, title: 'Session ended', detail: 'Log in again.' },
  email_unverified: {
    status: 403,
    title: 'E-mail address not verified',
    detail:
      'Follow the link in the verification e-mail first. If there is none, `POST /auth/email/verification` sends one.',
  },
  user_banned: { status: 403, title: 'Banned', detail: 'This user is banned and may not log in.' },
  forbidden: { status: 403, title: 'Forbidden', detail: 'This user is not allowed to do this.' },
  csrf_rejected: {
    status: 403,
    title: 'Cross-site request rejected',
    detail: 'The browser reports that the request came from another site, or the CSRF token is missing or invalid.',
  },
  step_up_required: {
    status: 403,
    title: 'Step-up required',
    detail: 'Prove your identity again, as `stepUp` describes.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'The requested resource does not exist.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This path does not support that HTTP method.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    detail:
      'The request conflicts with the current state: a value is already taken, or the change is not possible now.',
  },
  payload_too_large: {
    status: 413,
    title: 'Request body too large',
    detail: 'The request body must not exceed 100 kB, nor the header 16 kB.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send `application/json` encoded in UTF-8.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait for the time given in `Retry-After`, then try again.',
  },
  internal_error: { status: 500, title: 'Internal error', detail: 'An unexpected error occurred on the server.' },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'Try again after the time given in `Retry-After`.',
  },
} as const;

/** Error codes that a client may act on. */
export type AuthErrorCode = keyof typeof AUTH_ERRORS;

/** HTTP status of each public code. */
export const STATUS_OF_CODE = Object.fromEntries(
  Object.entries(AUTH_ERRORS).map(([code, { status }]) => [code, status]),
) as { readonly [K in AuthErrorCode]: (typeof AUTH_ERRORS)[K]['status'] };

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
  /** Methods that the proofs must include, RFC 8176 §2. */
  readonly amr: readonly string[];
}

/** The content of `WWW-Authenticate` for clients with tokens of an authorization server. */
export interface AuthChallenge {
  /** The fault of the token, or of the proof that came with it: RFC 6750 §3.1, RFC 9449 §7. */
  readonly error?: 'invalid_token' | 'insufficient_scope' | 'invalid_dpop_proof' | 'use_dpop_nonce' | undefined;
  /** Scopes that would do. */
  readonly scopes?: readonly string[] | undefined;
  /** Path below `PUBLIC_URL` of the resource that was asked for, with a slash before it (RFC 9728 §5.1). */
  readonly resource?: string | undefined;
}

/** Whether a proof was the user's own; `unjudged`: it was not looked at. */
export type ProofOutcome = 'right' | 'wrong' | 'unjudged';

/** Details of an `AuthError` beside its code. */
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
   * The outcome of the proof that was given, for those who count guesses; never sent. Absent: it was wrong, unless the error is the
   * server's own (5xx) or the request was malformed. So no code that answers a wrong proof can hide it.
   */
  readonly proof?: ProofOutcome;
  /** Whether a request that could not be served counts under its limits all the same: its own client kept it from being served. */
  readonly isCharged?: boolean;
  /** Sent as `WWW-Authenticate` with a 401, and with a 403 for lack of scopes. */
  readonly challenge?: AuthChallenge | undefined;
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
  readonly challenge: AuthChallenge | undefined;
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
    this.challenge = details.challenge;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.proof = details.proof;
    this.isCharged = details.isCharged ?? false;
  }

  get status(): number {
    return STATUS_OF_CODE[this.code];
  }

  /** The same, which says this to clients with tokens besides. */
  withChallenge(challenge: AuthChallenge): AuthError {
    return new AuthError(this.code, { ...this, cause: this.cause, challenge: { ...this.challenge, ...challenge } });
  }
}
