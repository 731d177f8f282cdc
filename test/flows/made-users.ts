import { PasswordStore } from '../../src/factors/password/password.store.js';
import { PasswordHashes } from '../../src/factors/password/password-hashes.js';
import { Clock } from '../../src/kernel/clock.js';
import { freshEmail } from '../../src/testing/http-login.js';
import type { AuthTestApp, PasswordLogin, TestLogin, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from './combinations.js';

let passwords = 0;

/** {@link bootService}, {@link withMadeUsers}. */
export async function bootWithMadeUsers(...given: Parameters<typeof bootService>): Promise<AuthTestApp> {
  return withMadeUsers(await bootService(...given));
}

/**
 * From now on `register` and `logIn` of this app make their users by its services: verified, with a password, and without a mail or an audit
 * event. The login itself is as before. A registration with its mail is two thirds of what a `logIn` computes, and of no concern to a suite
 * about something else. The lab registers all the same.
 */
export function withMadeUsers<T extends AuthTestApp>(app: T): T {
  if (process.env.LAB_FORM) return app;
  const register = app.register.bind(app);
  app.register = (login: TestLogin = {}) => (login.fields ? register(login) : make(app, login));
  app.logIn = async (login: TestLogin = {}): Promise<TestUser> =>
    app.logInAgain({ ...login, ...(await app.register(login)) } satisfies PasswordLogin);
  return app;
}

async function make({ app }: AuthTestApp, login: TestLogin): Promise<{ email: string; password: string }> {
  passwords += 1;
  const { email = freshEmail(), password = `correct horse ${passwords} battery`, name = null, changes } = login;
  const part = <P>(token: abstract new (...given: never[]) => P): P => app.get(token as never, { strict: false });
  const now = part(Clock).now();
  const users = part(UserStore);
  const user = await users.insert({ email: email.toLowerCase(), name, emailVerifiedAt: now });
  if (!user) throw new Error(`${email} is taken`);
  const passwordHash = await part(PasswordHashes).hash(password);
  await part(PasswordStore).set({ userId: user.id, passwordHash, changedAt: now });
  if (changes) await users.update(user.id, changes);
  return { email, password };
}
