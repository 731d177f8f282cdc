import type { AuthTestApp } from '../../../src/testing/index.js';
import { answers, newEmail, newPassword } from './flow-steps.js';

/** A user's whole life by one strategy: registration, login, lock, refresh, recovery, change of address, deletion. */
export async function lifeOfAUser(app: AuthTestApp, strategy: 'session' | 'jwt'): Promise<void> {
  const known = await app.register({ email: newEmail(), password: newPassword(), name: 'Ada' });
  await answers(202, app.client().post('/auth/register', { ...known, password: newPassword() }));
  await answers(202, app.client().post('/auth/email/verification', { email: newEmail() }));
  const user = await app.logInAgain({ ...known, transport: 'body', strategy });
  await answers(200, user.get('/auth/me'));
  if (user.refreshToken) {
    const { refreshToken } = user;
    const anybody = app.client();
    await answers(200, anybody.post('/auth/refresh', { refreshToken }));
    await answers(200, anybody.post('/auth/refresh', { refreshToken }));
  }
  const other = await app.logInAgain({ ...known, transport: 'body', strategy });
  await answers(200, user.get('/auth/sessions'));
  await answers(204, user.delete(`/auth/sessions/${other.sessionId}`));
  await answers(200, user.request('PATCH', '/auth/me', { name: 'Ada L.' }));
  await answers(204, user.post('/auth/logout-all', { keepCurrent: true }));
  await answers(204, user.post('/auth/logout'));
  await locked(app, known.email, known.password);
  await recovered(app, strategy);
}

async function locked(app: AuthTestApp, email: string, password: string): Promise<void> {
  for (let failure = 0; failure < 10; failure++) {
    await answers(401, app.client().post('/auth/login', { email, password: 'wrong, again' }));
  }
  await answers(401, app.client().post('/auth/login', { email, password }));
  await answers(204, app.client().post('/auth/unlock', { token: await app.mailedToken(email) }));
  await app.logInAgain({ email, password });
}

async function recovered(app: AuthTestApp, strategy: 'session' | 'jwt'): Promise<void> {
  const { email } = await app.register({ email: newEmail() });
  await answers(202, app.client().post('/auth/password/forgot', { email }));
  const [password, newer] = [newPassword(), newPassword()];
  await answers(204, app.client().post('/auth/password/reset', { token: await app.mailedToken(email), password }));
  const logIn = (address: string, secret: string) =>
    app.logInAgain({ email: address, password: secret, strategy, transport: 'cookie' });
  const user = await logIn(email, password);
  await answers(200, user.post('/auth/step-up', { password }));
  await user.post('/auth/password/change', { currentPassword: password, newPassword: newer });
  const again = await logIn(email, newer);
  const moved = newEmail();
  await answers(202, again.post('/auth/email/change', { email: moved, password: newer }));
  await answers(204, app.client().post('/auth/email/change/confirm', { token: await app.mailedToken(moved) }));
  await answers(204, app.client().post('/auth/email/change/undo', { token: await app.mailedToken(email) }));
  await answers(202, app.client().post('/auth/password/forgot', { email }));
  await answers(204, app.client().post('/auth/password/reset', { token: await app.mailedToken(email), password }));
  await answers(204, (await logIn(email, password)).request('DELETE', '/auth/me', { password }));
}
