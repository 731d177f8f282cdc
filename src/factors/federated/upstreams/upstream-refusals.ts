import { AuthError } from '../../../kernel/auth-error.js';
import { ProviderUnreachable } from './upstream-fetch.js';

/** The provider has answered, but not what it must. `reason` is a word for the audit. */
export class OddAnswer extends Error {
  override readonly name = 'OddAnswer';

  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Errors of a token endpoint that say: this grant is over, RFC 6749 §5.2. */
const REVOKED = ['invalid_grant'];

/** The error for a login that failed at the provider: `unavailable` when it cannot be reached, else `invalid_credentials`. */
export function refusalOf(error: unknown): AuthError {
  if (error instanceof AuthError) return error;
  const cause = plainCause(error);
  if (isUnreachable(error)) return new AuthError('unavailable', { reason: 'provider_unreachable', cause });
  return new AuthError('invalid_credentials', { reason: reasonOf(error), cause });
}

/** Whether the provider has said clearly that what was granted is over. @param more its own words for that */
export function isRevoked(error: unknown, more: readonly string[] = []): boolean {
  const { code, error: word } = error as { code?: unknown; error?: unknown };
  return code === 'OAUTH_RESPONSE_BODY_ERROR' && [...REVOKED, ...more].includes(String(word));
}

/** The error without what hangs on it: the library's hold whole answers, with tokens. */
export function plainCause(error: unknown): Error {
  const names = chain(error).map((one) => {
    const { error: word, message } = one as { error?: unknown; message?: unknown };
    return typeof word === 'string' ? `${message} (${shown(word)})` : String(message);
  });
  return new Error(names.map(shown).join(': '));
}

function isUnreachable(error: unknown): boolean {
  return chain(error).some((one) => one instanceof ProviderUnreachable);
}

function reasonOf(error: unknown): string {
  if (error instanceof OddAnswer) return error.reason;
  const { code, error: word } = error as { code?: unknown; error?: unknown };
  const said = typeof word === 'string' && /^[a-z_]{1,40}$/.test(word) ? `:${word}` : '';
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') return `provider_refused_login${said}`;
  if (code === 'OAUTH_RESPONSE_BODY_ERROR')
    return word === 'invalid_client' ? 'provider_refused_client' : `provider_refused_code${said}`;
  if (code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE') return 'provider_refused_client';
  if (chain(error).some(({ message }) => /"(iss|state)"/.test(message))) return 'callback_of_another_flow';
  return 'provider_answer_invalid';
}

/** The error and its causes, while they are errors. */
function chain(error: unknown): Error[] {
  const errors: Error[] = [];
  for (let one = error; one instanceof Error && errors.length < 5; one = one.cause) errors.push(one);
  return errors;
}

function shown(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
