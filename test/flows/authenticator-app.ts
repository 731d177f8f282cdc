import { Secret, TOTP } from 'otpauth';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';

/** What an authenticator app would show at that time. */
export function codeAt(secret: string, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}

/** A user with an authenticator app. */
export interface ProtectedUser {
  readonly user: TestUser;
  readonly email: string;
  readonly password: string;
  readonly secret: string;
  readonly recoveryCodes: string[];
  /** The code for a step not used before: moves the clock on by one. */
  code(): string;
}

/**
 * Sets an authenticator app up for somebody logged in, and takes over the new tickets.
 *
 * @param password of a {@link TestUser} its own by default; needed where it is the first second factor
 */
export async function setUpTotp(
  app: AuthTestApp,
  client: TestClient & { readonly password?: string },
  password = client.password,
): Promise<{ secret: string; reply: TestReply }> {
  const { status, body, text } = await client.post('/auth/factors/totp', { password });
  if (status !== 200) throw new Error(`expected 200, got ${status}: ${text}`);
  const reply = await client.post('/auth/factors/totp/confirm', { code: codeAt(body.secret, app.clock.now()) });
  takeTokens(client, reply);
  return { secret: body.secret, reply };
}

/** Registers a user, logs them in and sets up an authenticator app. */
export async function protectedUser(
  app: AuthTestApp,
  login: Parameters<AuthTestApp['logIn']>[0] = {},
): Promise<ProtectedUser> {
  const user = await app.logIn(login);
  const { secret, reply } = await setUpTotp(app, user);
  if (reply.status !== 200) throw new Error(`expected 200, got ${reply.status}: ${reply.text}`);
  const { email, password } = user;
  const code = () => {
    app.clock.advance(30);
    return codeAt(secret, app.clock.now());
  };
  return { user, email, password, secret, recoveryCodes: reply.body.recoveryCodes, code };
}

/** Access tokens in a reply's body go into the header of later requests. */
export function takeTokens(client: TestClient, { body }: TestReply): void {
  if (body?.accessToken) client.defaults.authorization = `Bearer ${body.accessToken}`;
}
