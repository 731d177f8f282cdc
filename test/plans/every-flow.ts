import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { Chore } from '../../src/kernel/chore.js';
import { AtomicPrimitives } from '../../src/sessions/atomic-primitives.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { CHORES } from '../../src/upkeep/caretaker.js';
import { WebhookCourier } from '../../src/webhooks/webhook-courier.js';

const DAY = 86_400;
const TRANSPORT = { transport: 'body' } as const;

let counter = 0;
const newEmail = () => `flow-${++counter}-${randomUUID()}@example.com`;
const newPassword = () => `an engine weaves ${randomUUID()}`;

/** So that a flow that is refused, and asks for less, is seen. */
async function answers(status: number, reply: Promise<TestReply>): Promise<TestReply> {
  const { status: actual, text } = await reply;
  if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${text}`);
  return reply;
}

/** A user's whole life by one strategy: registration, login, lock, refresh, recovery, change of address, deletion. */
export async function lifeOfAUser(app: AuthTestApp, strategy: 'session' | 'jwt'): Promise<void> {
  const known = await app.register({ email: newEmail(), password: newPassword(), name: 'Ada' });
  await answers(202, app.client().post('/auth/register', { ...known, password: newPassword() }));
  await answers(202, app.client().post('/auth/email/verification', { email: newEmail() }));
  const user = await app.logInAgain({ ...known, ...TRANSPORT, strategy });
  await answers(200, user.get('/auth/me'));
  if (user.refreshToken) {
    const { refreshToken } = user;
    const anybody = app.client();
    await answers(200, anybody.post('/auth/refresh', { refreshToken }));
    await answers(200, anybody.post('/auth/refresh', { refreshToken }));
  }
  const other = await app.logInAgain({ ...known, ...TRANSPORT, strategy });
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

/** Lists of every kind, and their later pages. */
export async function operatorsReading(admin: TestUser, known: { email: string; userId: string }): Promise<void> {
  const users = [
    '',
    'search=ada',
    'search=ada.lo',
    'search=zz',
    `search=${known.email}`,
    'search=Grace%20Hopper',
    'search=a',
  ];
  const filters = ['', 'status=active', 'status=banned', 'status=unverified', 'status=locked'];
  for (const search of users) for (const filter of filters) await pages(admin, '/admin/users', `${search}&${filter}`);
  await answers(200, admin.get(`/admin/users/${known.userId}`));
  await answers(200, admin.get(`/admin/users/${known.userId}/sessions`));
  await pages(admin, '/admin/sessions', '');
  const month = `from=${new Date(Date.now() - 90 * DAY * 1000).toISOString()}&to=${new Date(Date.now() - 60 * DAY * 1000).toISOString()}`;
  const who = ['', `userId=${known.userId}`, `userId=${randomUUID()}`];
  const types = ['', 'type=sessions.started', 'type=login.', 'type=operators.', 'type=users.imported', 'type=nothing.'];
  for (const user of who) {
    for (const type of types)
      for (const time of ['', month]) await pages(admin, '/admin/audit', `${user}&${type}&${time}`);
  }
  await answers(
    200,
    admin.get(`/admin/audit?type=operators.&userId=${known.userId}`, { accept: 'application/x-ndjson' }),
  );
  await answers(200, admin.get('/admin/webhooks/dead-letters'));
}

async function pages(admin: TestUser, path: string, query: string): Promise<void> {
  let cursor = '';
  for (let page = 0; page < 3; page++) {
    const { body } = await answers(200, admin.get(`${path}?${query}${cursor}`.replace(/&+/g, '&').replace('?&', '?')));
    if (!body.nextCursor) return;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

/** Everything an operator can do to a user; ends everything in the end. */
export async function operatorsActing(app: AuthTestApp, login: TestUser): Promise<void> {
  const admin = await app.logInAgain({ ...login, ...TRANSPORT, strategy: 'session' });
  const made = { email: newEmail(), password: newPassword(), emailVerified: true };
  const { body: user } = await answers(201, admin.post('/admin/users', made));
  const path = `/admin/users/${user.id}`;
  await answers(200, admin.request('PATCH', path, { email: newEmail(), emailVerified: true }));
  await answers(204, admin.post(`${path}/ban`, { reason: 'spam' }));
  await answers(204, admin.post(`${path}/unban`));
  await answers(204, admin.post(`${path}/unlock`));
  await answers(202, admin.post(`${path}/password-reset`));
  await answers(200, admin.request('PUT', `${path}/roles`, { roles: ['editor', 'admin'] }));
  await answers(200, admin.request('PUT', `${path}/roles`, { roles: ['editor'] }));
  await answers(204, admin.post(`${path}/logout`));
  await answers(200, admin.post('/admin/import', { users: [{ email: newEmail(), emailVerified: true }] }));
  await answers(204, admin.delete(path));
  await app.mails();
  await app.app.get(WebhookCourier, { strict: false }).deliverDue();
  await answers(200, admin.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' }));
  await answers(204, admin.post('/admin/keys/rotate'));
  const { email, password } = await app.register({ email: newEmail() });
  const victim = await app.logInAgain({ email, password });
  await answers(200, admin.post(`/admin/users/${victim.userId}/impersonate`, { reason: 'ticket 4711' }));
  const again = await app.logInAgain({ ...login, ...TRANSPORT, strategy: 'session' });
  await answers(204, again.delete(`/admin/sessions/${victim.sessionId}`));
  await answers(204, again.post('/admin/revoke-all'));
}

/** Deletes what has run out: as every hour, and as after a long pause; both taken back. Sweeps counters and offers. */
export async function upkeep(app: AuthTestApp): Promise<void> {
  const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const primitives = app.app.get(AtomicPrimitives, { strict: false });
  for (const now of [app.clock.now(), app.clock.in(DAY)]) {
    const offer = () => primitives.offer(randomUUID(), 1, { now, expiresAt: new Date(now.getTime() + 1) });
    for (let count = 0; count < 210; count++) await offer();
  }
  for (const chore of app.app.get<readonly Chore[]>(CHORES, { strict: false })) {
    for (const days of [0, 30, 400]) {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await chore.tidy(runner.manager, app.clock.in(days * DAY), 500);
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
}
