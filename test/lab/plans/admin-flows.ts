import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { AuditCounter } from '../../../src/audit/audit-counter.js';
import { HeldCounts } from '../../../src/security/held-counts.js';
import { LiveSessions } from '../../../src/sessions/live-sessions.js';
import type { AuthTestApp, TestUser } from '../../../src/testing/index.js';
import { WebhookWorker } from '../../../src/webhooks/webhook-worker.js';
import { answers, newEmail, newPassword } from './flow-steps.js';

const DAY_MILLISECONDS = 86_400_000;

/** Lists of every kind, and their later pages. */
export async function adminsReading(admin: TestUser, known: { email: string; userId: string }): Promise<void> {
  const users = [
    '',
    'search=ada',
    'search=ada.lo',
    'search=zz',
    'search=%40rare.test',
    `search=%40${known.email.split('@')[1]}`,
    `search=${known.email}`,
    'search=Grace%20Hopper',
    'search=a',
  ];
  const filters = ['', 'status=active', 'status=banned', 'status=unverified', 'status=locked'];
  for (const search of users) for (const filter of filters) await pages(admin, '/admin/users', `${search}&${filter}`);
  await answers(200, admin.get(`/admin/users/${known.userId}`));
  await answers(200, admin.get(`/admin/users/${known.userId}/sessions`));
  await pages(admin, '/admin/sessions', '');
  const month = `from=${new Date(Date.now() - 90 * DAY_MILLISECONDS).toISOString()}&to=${new Date(Date.now() - 60 * DAY_MILLISECONDS).toISOString()}`;
  const who = ['', `userId=${known.userId}`, `userId=${randomUUID()}`];
  const types = ['', 'type=login.succeeded', 'type=login.', 'type=admin.', 'type=user.imported', 'type=nothing.'];
  for (const user of who) {
    for (const type of types)
      for (const time of ['', month]) await pages(admin, '/admin/audit', `${user}&${type}&${time}`);
  }
  for (const one of [`actorId=${known.userId}`, 'ip=198.51.100.7', `ip=198.51.100.7&type=login.failed`])
    for (const time of ['', month]) await pages(admin, '/admin/audit', `${one}&${time}`);
  await answers(200, admin.get(`/admin/audit?type=admin.&userId=${known.userId}`, { accept: 'application/x-ndjson' }));
  await answers(200, admin.get('/admin/webhooks/dead-letters'));
  await answers(200, admin.get('/admin/webhooks'));
}

/** What only pages ask for: the newest sessions, counts by the hour, and what an act would end. */
export async function adminsLooking(app: AuthTestApp, known: { userId: string }): Promise<void> {
  const of = <T>(type: Type<T> | (abstract new (...given: never[]) => T)) =>
    app.app.get<T>(type as Type<T>, { strict: false });
  let cursor: string | undefined;
  for (let page = 0; page < 3; page++) cursor = (await of(LiveSessions).listNewest(cursor, 50)).nextCursor ?? undefined;
  const now = app.clock.now();
  const filters = [{}, { type: 'login.' }, { type: 'login.failed' }, { userId: known.userId }, { ip: '198.51.100.7' }];
  for (const filter of filters) {
    await of(AuditCounter).count(filter, now);
    for (const days of [7, 366])
      await of(AuditCounter).count({ ...filter, from: new Date(now.getTime() - days * DAY_MILLISECONDS) }, now);
  }
  await of(HeldCounts).endedBy('all_revoked', null);
  await of(HeldCounts).endedBy('deleted', known.userId);
}

async function pages(admin: TestUser, path: string, query: string): Promise<void> {
  let cursor = '';
  for (let page = 0; page < 3; page++) {
    const { body } = await answers(200, admin.get(`${path}?${query}${cursor}`.replace(/&+/g, '&').replace('?&', '?')));
    if (!body.nextCursor) return;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

/** Everything an admin can do to a user; ends everything in the end. */
export async function adminsActing(app: AuthTestApp, login: TestUser): Promise<void> {
  const admin = await app.logInAgain({ ...login, transport: 'body', strategy: 'session' });
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
  await app.app.get(WebhookWorker, { strict: false }).deliverDue();
  await answers(200, admin.post('/admin/webhooks/dead-letters/revive', { destination: 'siem' }));
  await answers(204, admin.post('/admin/keys/rotate'));
  const { email, password } = await app.register({ email: newEmail() });
  const victim = await app.logInAgain({ email, password });
  await answers(200, admin.post(`/admin/users/${victim.userId}/impersonate`, { reason: 'ticket 4711' }));
  const again = await app.logInAgain({ ...login, transport: 'body', strategy: 'session' });
  await answers(204, again.delete(`/admin/sessions/${victim.sessionId}`));
  await answers(204, again.post('/admin/revoke-all'));
}
