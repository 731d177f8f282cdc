import {
  type AuthError,
  type AuthErrorCode,
  type FieldError,
  STATUS_OF_CODE,
  type StepUp,
} from '../kernel/auth-error.js';

/** What a person may read of each code. Says nothing that the code does not say. */
const WORDS: Readonly<Record<AuthErrorCode, { title: string; detail: string }>> = {
  validation_failed: { title: 'Bad request', detail: 'The request is not of the form this route takes.' },
  invalid_token: {
    title: 'Invalid link or code',
    detail: 'The link or code is unknown, used, expired or for something else.',
  },
  invalid_credentials: {
    title: 'Invalid credentials',
    // The same for everyone: so it tells nobody that somebody has registered.
    detail: 'The credentials do not open anything. If you have just registered, follow the link in your mailbox first.',
  },
  unauthenticated: { title: 'Not logged in', detail: 'This route needs a valid ticket.' },
  token_expired: { title: 'Access token expired', detail: 'Refresh the access token and try again.' },
  session_ended: { title: 'Session ended', detail: 'Log in again.' },
  email_unverified: { title: 'E-mail address not verified', detail: 'Follow the link in the mail first.' },
  user_banned: { title: 'Banned', detail: 'This user may not log in.' },
  forbidden: { title: 'Forbidden', detail: 'This user may not do that.' },
  csrf_rejected: {
    title: 'Request from another site',
    detail: 'The browser says that another site sent this request.',
  },
  step_up_required: { title: 'Stronger login needed', detail: 'Prove again who you are.' },
  not_found: { title: 'Not found', detail: 'There is nothing here.' },
  method_not_allowed: { title: 'Method not allowed', detail: 'This path does not take that method.' },
  conflict: { title: 'Conflict', detail: 'That is taken, or does not go with how things stand.' },
  payload_too_large: { title: 'Body too large', detail: 'Bodies may have 100 kB.' },
  unsupported_media_type: { title: 'Unsupported media type', detail: 'Send application/json in UTF-8.' },
  rate_limited: { title: 'Too many requests', detail: 'Wait as long as Retry-After says.' },
  internal_error: { title: 'Internal error', detail: 'Something went wrong here.' },
  unavailable: { title: 'Unavailable for the moment', detail: 'Try again after Retry-After.' },
};

/** The body of every error, RFC 9457. */
export class ProblemDetails {
  type!: string;
  title!: string;
  status!: number;
  code!: AuthErrorCode;
  detail!: string;
  requestId!: string;
  errors?: readonly FieldError[];
  stepUp?: StepUp;

  /** Only the public half of an error: neither its reason nor its cause. */
  static of(error: Pick<AuthError, 'code' | 'errors' | 'stepUp'>, requestId: string): ProblemDetails {
    const { title, detail } = WORDS[error.code];
    const problem: ProblemDetails = {
      type: `urn:coatcheck:problem:${error.code}`,
      title,
      status: STATUS_OF_CODE[error.code],
      code: error.code,
      detail,
      requestId,
    };
    if (error.errors) problem.errors = error.errors;
    if (error.stepUp) problem.stepUp = error.stepUp;
    return problem;
  }

  static example(code: AuthErrorCode): ProblemDetails {
    const errors = [{ field: 'email', rule: 'isEmailAddress', message: 'email must be an e-mail address' }];
    return ProblemDetails.of(
      {
        code,
        errors: code === 'validation_failed' ? errors : undefined,
        stepUp: code === 'step_up_required' ? { maxAgeSeconds: 300, amr: ['pwd'] } : undefined,
      },
      'b6f1c7c2-4f0e-4a0e-9d0a-5d8e0a6f4c11',
    );
  }
}
