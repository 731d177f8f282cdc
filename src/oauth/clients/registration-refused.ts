/** Codes of RFC 7591 §3.2.2 and RFC 6750 §3.1. */
export type RegistrationError =
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'invalid_request'
  | 'invalid_token'
  | 'access_denied';

/** A registration that is refused, in OAuth's form. What it says is for the client that asked, and holds nothing secret. */
export class RegistrationRefused extends Error {
  override readonly name = 'RegistrationRefused';

  constructor(
    readonly status: 400 | 401 | 403,
    readonly error: RegistrationError,
    readonly description: string,
  ) {
    super(`${error}: ${description}`);
  }
}

/** Without a token that is good, none of the reasons is told. */
export function noSuchToken(): RegistrationRefused {
  return new RegistrationRefused(401, 'invalid_token', 'the token is missing, unknown, used up or expired');
}
