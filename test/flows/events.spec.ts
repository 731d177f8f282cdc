import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Injectable, Scope } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { type AuditEvent, AuditSink } from '../../src/audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { EventListeners } from '../../src/events/event-listeners.js';
import { AfterCommit, type HeardEvent, InTransaction } from '../../src/events/listener-decorators.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootHost } from '../boot-host.js';

let refusal: Error | null = null;

/** Keeps a row of its own beside each user, in the same transaction. */
@Injectable()
class Profiles {
  readonly joined: HeardEvent[] = [];

  @InTransaction('user.created')
  async make({ userId }: HeardEvent<'user.created'>, tx: EntityManager) {
    await tx.query('INSERT INTO profiles (user_id) VALUES ($1)', [userId]);
  }

  @InTransaction(
    'user.created',
    'user.deleted',
    'user.banned',
    'password.changed',
    'email.changed',
    'user.roles_changed',
  )
  async watch(event: HeardEvent, tx: EntityManager) {
    await tx.query('UPDATE profiles SET last = $2 WHERE user_id = $1', [event.userId, event.type]);
    if (refusal) throw refusal;
    this.joined.push(event);
  }
}

@Injectable()
class Ears {
  readonly heard: HeardEvent[] = [];

  @AfterCommit('user.created', 'user.deleted', 'user.banned', 'login.succeeded', 'login.failed')
  hear(event: HeardEvent) {
    this.heard.push(event);
  }

  @AfterCommit('session.started', 'session.revoked', 'logout', 'password.changed')
  async later(event: HeardEvent) {
    await Promise.resolve();
    this.heard.push(event);
  }

  @AfterCommit('login.succeeded')
  failing(): void {
    throw new Error('an ear that hurts');
  }
}

const profiles = 'CREATE TABLE profiles (user_id uuid PRIMARY KEY, last text)';

describe('listeners of an application', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  const dataSource = (): DataSource => app.app.get(AUTH_DATA_SOURCE, { strict: false });
  const ears = () => app.app.get(Ears, { strict: false }).heard;
  const joined = () => app.app.get(Profiles, { strict: false }).joined;
  const profileOf = async (userId: string) =>
    (await dataSource().query('SELECT last FROM profiles WHERE user_id = $1', [userId]))[0]?.last;
  const heardOf = async (userId: string) => {
    await app.app.get(EventListeners, { strict: false }).settled();
    return ears().filter((event) => event.userId === userId);
  };
  beforeAll(async () => {
    app = await bootHost({
      imports: [{ module: class Host {}, providers: [Profiles, Ears] }],
      options: { authStrategies: ['session'], bootstrapToken: 'b'.repeat(43) },
    });
    await dataSource().query(profiles);
    const person = { email: 'root@example.com', password: 'a good long password' };
    const made = await app.client().post('/admin/bootstrap', { token: 'b'.repeat(43), ...person });
    expect(made.status).toBe(201);
    admin = await app.logInAgain(person);
  });
  beforeEach(() => {
    refusal = null;
  });
  afterAll(() => app.close());

  it('join the making of a user and hear of it once, whichever way a user comes about', async () => {
    const bootstrapped = joined().filter(({ userId }) => userId === admin.userId);
    expect(bootstrapped.map(({ type, by }) => [type, by])).toEqual([['user.created', 'admin.bootstrapped']]);
    const registered = await app.logIn();
    expect(joined().at(-1)).toMatchObject({ type: 'user.created', userId: registered.userId, by: 'email.verified' });
    await admin.post('/auth/step-up', { password: admin.password });
    const created = await admin.post('/admin/users', { email: 'by-admin@example.com' });
    expect(created.status).toBe(201);
    expect(joined().at(-1)).toMatchObject({ type: 'user.created', userId: created.body.id });
    const lines = [
      { email: 'imported@example.com', passwordHash: '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S' },
    ];
    const imported = await admin.post('/admin/import', { users: lines });
    expect([imported.status, imported.body]).toEqual([200, expect.objectContaining({ imported: 1 })]);
    const moved = await app.app.get(UserStore, { strict: false }).findByEmail('imported@example.com');
    for (const userId of [admin.userId, registered.userId, created.body.id, moved!.id]) {
      expect((await heardOf(userId)).filter(({ type }) => type === 'user.created')).toHaveLength(1);
      expect(await profileOf(userId)).toBe('user.created');
    }
  });

  it('undo the change by what they throw: with an AuthError as the reply, and nothing left behind', async () => {
    const { email, password } = { email: 'vetoed@example.com', password: 'a good long password' };
    await app.client().post('/auth/register', { email, password });
    const token = await app.mailedToken(email);
    refusal = new AuthError('forbidden', { reason: 'not_our_customer' });
    const refused = await app.client().post('/auth/email/verify', { token });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const users = app.app.get(UserStore, { strict: false });
    expect(await users.findByEmail(email)).toBe(null);
    expect(await dataSource().query(`SELECT 1 FROM profiles WHERE last IS NULL`)).toEqual([]);
    refusal = null;
    expect((await app.client().post('/auth/email/verify', { token })).status).toBe(204);
    const user = await users.findByEmail(email);
    expect((await heardOf(user!.id)).map(({ type }) => type)).toEqual(['user.created']);
  });

  it('join what happens to an account, before it is over', async () => {
    const user = await app.logIn();
    await admin.post('/auth/step-up', { password: admin.password });
    refusal = new AuthError('conflict', { reason: 'has_open_orders' });
    expect((await admin.post(`/admin/users/${user.userId}/ban`, {})).body.code).toBe('conflict');
    expect((await user.get('/auth/me')).status).toBe(200);
    refusal = null;
    expect((await admin.post(`/admin/users/${user.userId}/ban`, {})).status).toBe(204);
    expect(joined().at(-1)).toMatchObject({ type: 'user.banned', userId: user.userId, actorId: admin.userId });
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
    expect((await heardOf(user.userId)).filter(({ type }) => type === 'user.banned')).toHaveLength(1);
    expect((await admin.request('DELETE', `/admin/users/${user.userId}`)).status).toBe(204);
    expect(await profileOf(user.userId)).toBe('user.deleted');
  });

  it('hear of logins and ends, and disturb none of them by failing', async () => {
    const user = await app.logIn();
    await app.client().post('/auth/login', { email: user.email, password: 'a wrong password' });
    await user.post('/auth/password/change', { currentPassword: user.password, newPassword: 'another good password' });
    await app.logInAgain({ email: user.email, password: 'another good password' });
    await user.post('/auth/logout');
    const types = (await heardOf(user.userId)).map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(['user.created', 'login.succeeded', 'login.failed', 'password.changed']),
    );
    expect(types.filter((type) => type === 'login.succeeded')).toHaveLength(2);
    expect(types.some((type) => type === 'session.revoked' || type === 'logout')).toBe(true);
    for (const { at } of await heardOf(user.userId)) expect(at).toBeInstanceOf(Date);
  });
});

it('that swallow an error of the database have not made the change seem done, whatever sink there is', async () => {
  @Injectable()
  class Careless {
    careless = false;

    @InTransaction('user.created')
    async make(_event: HeardEvent, tx: EntityManager) {
      if (this.careless) await tx.query('INSERT INTO no_such_table VALUES (1)').catch(() => undefined);
    }
  }
  class Elsewhere extends AuditSink {
    async record() {}
  }
  const app = await bootHost({ providers: [Careless, { provide: AuditSink, useClass: Elsewhere }] });
  const admin = await app.logIn({ changes: { roles: ['admin'] } });
  app.app.get(Careless, { strict: false }).careless = true;
  const email = 'never-made@example.com';
  const { status } = await admin.post('/admin/users', { email, password: 'an engine weaves algebra' });
  expect([status, await app.app.get(UserStore, { strict: false }).findByEmail(email)]).toEqual([500, null]);
  await app.close();
});

it('hear what is audited by a sink of one’s own', async () => {
  const kept: AuditEvent[] = [];
  class Kept extends AuditSink {
    async record(event: AuditEvent) {
      kept.push(event);
    }
  }
  const app = await bootHost({
    imports: [{ module: class Host {}, providers: [Ears] }],
    providers: [{ provide: AuditSink, useClass: Kept }],
  });
  const user = await app.logIn();
  await app.app.get(EventListeners, { strict: false }).settled();
  const heard = app.app.get(Ears, { strict: false }).heard.filter(({ userId }) => userId === user.userId);
  expect(heard.map(({ type }) => type)).toEqual(['user.created', 'login.succeeded']);
  expect(kept.map(({ type }) => type)).toContain('login.succeeded');
  await app.close();
});

it.each([
  [
    'is not a singleton',
    () => {
      @Injectable({ scope: Scope.REQUEST })
      class PerRequest {
        @AfterCommit('login.succeeded')
        hear() {}
      }
      return PerRequest;
    },
    'must be a singleton',
  ],
  [
    'would join what no transaction makes',
    () => {
      @Injectable()
      class Joining {
        @InTransaction('login.succeeded' as never)
        join() {}
      }
      return Joining;
    },
    'cannot join login.succeeded',
  ],
])('a listener that %s stops the boot', async (_what, made, message) => {
  const imports = [{ module: class Host {}, providers: [made()] }];
  await expect(bootHost({ imports })).rejects.toThrow(message);
});

/** Where users come about, and what the audit calls it; each is heard as `user.created`. */
const MAKING_USERS: Record<string, string> = {
  'admin/admin-users.service.ts': 'user.created',
  'admin/first-admin.ts': 'admin.bootstrapped',
  'admin/invitations/invitations.service.ts': 'invitation.accepted',
  'admin/service-users.ts': 'user.created',
  'factors/federated/identities/provisioning.ts': 'user.provisioned',
  'factors/mailbox/mailbox-newcomers.ts': 'user.registered',
  'factors/password/import/user-import.service.ts': 'user.imported',
  'factors/password/legacy/legacy-login.ts': 'user.migrated',
  'factors/password/mailbox-registrations.ts': 'email.verified',
  'factors/password/registration.service.ts': 'user.registered',
};

it('no user comes about anywhere else, and each place records what is heard', () => {
  const src = resolve(__dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.startsWith('testing/'))
    .map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }));
  const making = files.filter(({ text }) => /\busers\.insert\(/.test(text));
  expect(making.map(({ name }) => name).sort()).toEqual(Object.keys(MAKING_USERS));
  expect(making.filter(({ name, text }) => !text.includes(`'${MAKING_USERS[name]}'`))).toEqual([]);
});
