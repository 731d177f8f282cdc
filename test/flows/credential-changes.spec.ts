import { Injectable } from '@nestjs/common';
import { Callers } from '../../src/access/caller.js';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { KnownDevices } from '../../src/devices/known-devices.js';
import {
  EffectiveSecurityTable,
  STRICTER_SECURITY_EVENTS,
  type StricterCells,
} from '../../src/security/effective-security-table.js';
import { SecurityNotifications } from '../../src/security/security-notifications.js';
import { type AuthTestApp, type TestReply, type TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { protectedUser } from './authenticator-app.js';
import { overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';
import { Fleet, outcomes } from './several-nodes.js';

const NEW_PASSWORD = 'seventeen quiet otters';
const TWINS = 5;
const ENDED = ['session_ended', 'session_ended', 'session_ended'];

/** All of a reply that a client can compare, without what differs by nature. */
function visible({ status, headers, text }: TestReply): unknown {
  return { status, headers: [...headers].filter(([name]) => !/^(date|x-request-id|ratelimit.*)$/.test(name)), text };
}

describe.each(['fastify', 'express'] as const)('a password change with tokens, on %s', (adapter) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootHost({ adapter, options: { authStrategies: ['jwt'] } });
  });
  afterAll(() => app.close());

  it.each(['body', 'split'] as const)('answers 200 with the tokens of transport %s', async (transport) => {
    const user = await app.logIn({ transport: 'body' });
    const body = { currentPassword: user.password, newPassword: NEW_PASSWORD, transport };
    const reply = await user.post('/auth/password/change', body);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const { accessToken, tokenType, refreshToken } = reply.body;
    expect([tokenType, refreshToken !== undefined]).toEqual(['Bearer', transport === 'body']);
    const me = await app.client({ authorization: `Bearer ${accessToken}` }).get('/auth/me');
    expect(me.body.user.id).toBe(user.userId);
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
    const spent = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
    expect(spent.body.code).toBe('session_ended');
    const fresh = transport === 'body' ? app.client() : user.copyInto(app.client());
    expect((await fresh.post('/auth/refresh', refreshToken ? { refreshToken } : {})).status).toBe(200);
  });

  it('answers 204 to a client that names no transport, and the next refresh token is in a cookie where it was in one', async () => {
    const user = await app.logIn({ transport: 'split' });
    const reply = await user.post('/auth/password/change', {
      currentPassword: user.password,
      newPassword: NEW_PASSWORD,
    });
    expect([reply.status, reply.text, reply.setCookies.length]).toEqual([204, '', 1]);
    expect((await user.copyInto(app.client()).post('/auth/refresh', {})).status).toBe(200);
  });

  it('sets no cookie for a session whose tokens travel in bodies: unless that is named again, it ends with the others', async () => {
    const ways: ((user: TestUser) => Promise<TestReply>)[] = [
      (user) => user.post('/auth/password/change', { currentPassword: user.password, newPassword: NEW_PASSWORD }),
      (user) => user.request('DELETE', '/auth/factors/totp'),
    ];
    for (const change of ways) {
      const { user } = await protectedUser(app, { transport: 'body' });
      const reply = await change(user);
      expect([reply.status, reply.text, reply.setCookies]).toEqual([204, '', []]);
      expect((await user.get('/auth/me')).body.code).toBe('session_ended');
      const { refreshToken } = user;
      expect((await app.client().post('/auth/refresh', { refreshToken })).body.code).toBe('session_ended');
    }
  });

  it('a deletion clears the cookies', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    expect((await user.request('DELETE', '/auth/me', { password: user.password })).status).toBe(204);
    expect([user.cookie('access'), user.cookie('refresh')]).toEqual([undefined, undefined]);
  });
});

describe('a forgotten password', () => {
  // How long both take is compared in the laboratory.
  it(`is answered alike for known and unknown addresses, ${TWINS} twins of each`, async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session'], mailsPerAddress: 10_000, mailsPerIp: 10_000 });
    const { email: known } = await app.register();
    const unknown = `${'x'.repeat(known.length - 12)}@example.com`;
    const seen = new Set<string>();
    for (let i = 0; i < TWINS * 2; i += 1) {
      seen.add(
        JSON.stringify(visible(await app.client().post('/auth/password/forgot', { email: i % 2 ? unknown : known }))),
      );
      await app.mails();
    }
    expect([...seen]).toHaveLength(1);
    expect([...seen][0]).toContain('"status":202');
    expect(await app.mails(unknown)).toEqual([]);
    await app.close();
  });
});

describe('limits and locks', () => {
  it('count wrong passwords of a logged-in user, and refuse the sixth', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session'], loginAttempts: 5 });
    const user = await app.logIn();
    const guess = (path: string, body: object) => user.post(path, body);
    const guesses = [
      await guess('/auth/step-up', { password: 'wrong horse' }),
      await guess('/auth/password/change', { currentPassword: 'wrong horse', newPassword: NEW_PASSWORD }),
      await guess('/auth/email/change', { email: 'new@example.com', password: 'wrong horse' }),
      await user.request('DELETE', '/auth/me', { password: 'wrong horse' }),
      await guess('/auth/step-up', { password: 'wrong horse' }),
      await guess('/auth/step-up', { password: user.password }),
    ];
    expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await user.get('/auth/me')).status).toBe(200);
    await app.close();
  });

  it('open with a reset, and known devices are strangers after it and after a change', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session'] });
    const user = await app.logIn();
    const devices = app.app.get(KnownDevices, { strict: false });
    const isKnown = async () => {
      const cookie = `device=${user.cookie('device')}`;
      const caller = app.app.get(Callers, { strict: false }).of({ method: 'GET', url: '/', headers: { cookie } });
      return (await devices.recognise(caller, null)) !== null;
    };
    expect(await isKnown()).toBe(true);
    const logIn = (password: string) => app.client().post('/auth/login', { email: user.email, password });
    for (let i = 0; i < 10; i += 1) await logIn('wrong horse');
    expect((await logIn(user.password)).status).toBe(401);
    const body = { currentPassword: user.password, newPassword: NEW_PASSWORD };
    expect((await user.post('/auth/password/change', body)).status).toBe(204);
    expect(await isKnown()).toBe(false);
    expect((await logIn(NEW_PASSWORD)).status).toBe(401);
    await app.client().post('/auth/password/forgot', { email: user.email });
    const token = await app.mailedToken(user.email);
    expect((await app.client().post('/auth/password/reset', { token, password: user.password })).status).toBe(204);
    expect((await logIn(user.password)).status).toBe(200);
    await app.close();
  });
});

describe('the table of what ends what', () => {
  it('can be overridden towards more, and what cannot be told undoes the change', async () => {
    @Injectable()
    class Deaf extends SecurityNotifications {
      override async send(...given: Parameters<SecurityNotifications['send']>): Promise<void> {
        if (given[0] === 'user-deleted') throw new Error('not now');
        return super.send(...given);
      }
    }
    const stricter: StricterCells = { password_changed: { sessions: 'all' } };
    const app = await bootWithMadeUsers({ authStrategies: ['session'] }, [
      { provide: STRICTER_SECURITY_EVENTS, useValue: stricter },
      { provide: SecurityNotifications, useClass: Deaf },
    ]);
    const user = await app.logIn();
    const body = { currentPassword: user.password, newPassword: NEW_PASSWORD };
    expect((await user.post('/auth/password/change', body)).status).toBe(204);
    expect((await user.get('/auth/me')).status).toBe(401);
    const again = await app.logInAgain({ ...user, password: NEW_PASSWORD });
    await expect(again.request('DELETE', '/auth/me', { password: NEW_PASSWORD })).rejects.toThrow('answered 500');
    expect((await again.get('/auth/me')).status).toBe(200);
    await app.close();
  });

  it.each<[string, StricterCells]>([
    ['end less', { password_reset: { sessions: 'others' } }],
    ['end a part that only the event knows', { banned: { apiKeys: 'since' } }],
    ['end pending logins without the sessions', { email_changed: { pendingLogins: 'all' } }],
  ])('cannot be made to %s', (_what, stricter) => {
    expect(() => new EffectiveSecurityTable(stricter)).toThrow(ConfigurationError);
  });
});

describe('three nodes', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(3);
  });
  afterAll(() => fleet.stop());

  overStrategies((strategy) => {
    it('refuse in the next request what a change, a reset and a deletion at one of them have ended', async () => {
      const [node] = fleet.nodes;
      const user = await node!.logIn({ strategy, transport: 'body' });
      const other = await node!.logInAgain({ ...user, strategy, transport: 'body' });
      expect(await outcomes(fleet.everywhere(other))).toEqual([200, 200, 200]);
      const body = { currentPassword: user.password, newPassword: NEW_PASSWORD };
      expect((await fleet.at(1, user).post('/auth/password/change', body)).status).toBe(204);
      for (const ticket of [user, other]) expect(await outcomes(fleet.everywhere(ticket))).toEqual(ENDED);

      const again = await node!.logInAgain({ ...user, password: NEW_PASSWORD, strategy, transport: 'body' });
      expect(await outcomes(fleet.everywhere(again))).toEqual([200, 200, 200]);
      await node!.client().post('/auth/password/forgot', { email: user.email });
      const token = await node!.mailedToken(user.email);
      const reset = await fleet.nodes[2]!.client().post('/auth/password/reset', { token, password: user.password });
      expect(reset.status).toBe(204);
      expect(await outcomes(fleet.everywhere(again))).toEqual(ENDED);

      const last = await node!.logInAgain({ ...user, strategy, transport: 'body' });
      expect(await outcomes(fleet.everywhere(last))).toEqual([200, 200, 200]);
      const deleted = await fleet.at(1, last).request('DELETE', '/auth/me', { password: user.password });
      expect(deleted.status).toBe(204);
      for (const client of fleet.everywhere(last)) expect((await client.get('/auth/me')).status).toBe(401);
    });
  });
});
