import type { AuthenticatorApp } from './authenticator-app.js';
import { TestClient } from './test-client.js';

/** A client whose requests carry the ticket of a session. */
export interface ActingUser extends TestClient {
  /** Null for a service user. */
  readonly email: string | null;
  readonly userId: string;
  readonly sessionId: string;
  /** With the jwt strategy, unless the transport is `cookie`. */
  readonly accessToken?: string;
  /** With transport `body`. */
  readonly refreshToken?: string;
}

/** A user who has logged in. */
export interface TestUser extends ActingUser {
  readonly email: string;
  readonly password: string;
  /** Where the login required a second factor: the app that was enrolled for it, or the one that was given. */
  readonly authenticator?: AuthenticatorApp;
}

/** The tokens of a login. */
interface Tokens {
  readonly accessToken?: string;
  readonly refreshToken?: string;
}

/** A client with the cookies that `browser` holds, the access token if there is one, and what is known of its user. */
export function actingUser<T extends Pick<ActingUser, 'email' | 'userId' | 'sessionId'>>(
  browser: TestClient,
  known: T,
  { accessToken, refreshToken }: Tokens,
): TestClient & T & Tokens {
  const client = browser.copy();
  if (accessToken) client.defaults.authorization = `Bearer ${accessToken}`;
  return Object.assign(client, { ...known, accessToken, refreshToken });
}
