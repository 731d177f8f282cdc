import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Rechecks } from '../../src/factors/federated/recheck/rechecks.js';
import { SealedTokens } from '../../src/factors/federated/recheck/sealed-tokens.js';
import { type AuthTestApp, FakeClock, type TestUser } from '../../src/testing/index.js';
import { MailedTokens } from '../../src/users/mailed-tokens.js';
import { runHere } from '../cli/run-command.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { type ProtectedUser, protectedUser } from './authenticator-app.js';
import { bootService } from './combinations.js';

const OLD = Buffer.from('the first key of a long service.').toString('base64url');
const NEW = Buffer.from('another one, for the years ahead').toString('base64url');
const OTHER = Buffer.from('nobody has ever used this one !!').toString('base64url');
const OPTIONS = { authStrategies: ['jwt', 'session'] };

describe('a change of SECRET_KEY, with the former key beside it', () => {
  const clock = new FakeClock();
  let database: TestDatabase;
  let app: AuthTestApp;
  let protectedOne: ProtectedUser;
  let loginToken: string;
  let ada: TestUser;
  let spent: string;
  let mailed: string;
  let recovered: string;
  let reserved: string;

  const boot = (secretKey: string, previousSecretKeys: string[] = []) =>
    bootService({ ...OPTIONS, databaseUrl: database.url, secretKey, previousSecretKeys }, [], clock);
  const moveTo = async (...keys: Parameters<typeof boot>) => {
    await app.close();
    app = await boot(...keys);
  };
  const doctor = async (environment: Record<string, string>) => {
    const given = { DATABASE_URL: database.url, NODE_ENV: 'test', AUTH_STRATEGIES: 'jwt,session', ...environment };
    return (await runHere(['doctor'], '', given)).out;
  };

  beforeAll(async () => {
    database = await freshDatabase();
    app = await boot(OLD);
    protectedOne = await protectedUser(app, { transport: 'body' });
    const { email, password } = protectedOne;
    loginToken = (await app.client().post('/auth/login', { email, password, transport: 'body' })).body.loginToken;
    ada = await app.logIn({ transport: 'body' });
    spent = ada.refreshToken!;
    const reply = await app.client().post('/auth/refresh', { refreshToken: spent });
    expect(reply.status).toBe(200);
    recovered = reply.body.refreshToken;
    await app.client().post('/auth/password/forgot', { email: ada.email });
    const mails = await app.mails(ada.email);
    mailed = /token=([\w.-]+)/.exec(mails.find(({ text }) => text.includes('/auth/password/reset'))!.text)![1]!;
    const user = { id: ada.userId, email: ada.email };
    const order = { purpose: 'password-reset', user, lifetimeSeconds: 3600 };
    const { manager } = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    reserved = await app.app.get(MailedTokens, { strict: false }).reserve(order, manager);
    const loginId = randomUUID();
    await manager.query(
      `INSERT INTO coatcheck.federated_logins (id, connection_id, identity_id, token_sealed, checked_at, next_check_at)
       VALUES ($1, 'gone', $1, $2, $3, $4)`,
      [loginId, app.app.get(SealedTokens, { strict: false }).seal('refresh', loginId), clock.now(), clock.in(120)],
    );
    await moveTo(NEW, [OLD]);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('says by doctor what still needs the former key', async () => {
    const out = await doctor({ SECRET_KEY: NEW, PREVIOUS_SECRET_KEYS: OLD });
    expect(out).toMatch(
      /WARN {2}previous secret keys: .* needed by 1 authenticator app secret\(s\), 0 connection\(s\), 1 login\(s\) with outside providers and 0 signing key\(s\)/,
    );
    expect(out).not.toMatch(new RegExp(`${OLD}|${NEW}`));
  });

  it('leaves access tokens, login tokens and authenticator apps good', async () => {
    const bearer = { authorization: `Bearer ${ada.accessToken}` };
    expect((await app.client().get('/auth/me', bearer)).status).toBe(200);
    const finished = { loginToken, factor: 'totp', code: protectedOne.code() };
    expect((await app.client().post('/auth/login/factor', finished)).status).toBe(200);
  });

  it('writes a link that was ordered under the former key, and it is good', async () => {
    const tokens = app.app.get(MailedTokens, { strict: false });
    const token = await tokens.reserved(reserved, 'password-reset');
    expect(await tokens.peek(token, 'password-reset')).toMatchObject({ id: reserved, userId: ada.userId });
  });

  it('gives a client that lost the reply the very same refresh token again', async () => {
    const { status, body } = await app.client().post('/auth/refresh', { refreshToken: spent });
    expect([status, body.refreshToken]).toEqual([200, recovered]);
    const next = await app.client().post('/auth/refresh', { refreshToken: recovered });
    expect(next.status).toBe(200);
  });

  it('is over, says doctor, once all is written anew, and then the former key may go', async () => {
    expect(await doctor({ SECRET_KEY: NEW, PREVIOUS_SECRET_KEYS: OLD })).toMatch(
      /needed by 0 .*, 1 login\(s\) with outside providers and 0/,
    );
    // No session rests on it: the next look removes it.
    clock.advance(121);
    await app.app.get(Rechecks, { strict: false }).settled();
    expect(await doctor({ SECRET_KEY: NEW, PREVIOUS_SECRET_KEYS: OLD })).toMatch(
      /nothing stored needs PREVIOUS_SECRET_KEYS/,
    );
    await moveTo(NEW);
    const { email, password } = protectedOne;
    const half = await app.client().post('/auth/login', { email, password, transport: 'body' });
    const finished = { loginToken: half.body.loginToken, factor: 'totp', code: protectedOne.code() };
    expect((await app.client().post('/auth/login/factor', finished)).status).toBe(200);
    expect(
      (await app.client().post('/auth/password/reset', { token: mailed, password: 'nine quiet walruses sing' })).status,
    ).toBe(204);
  });

  it('without either stops the start, and names the option that helps', async () => {
    await app.close();
    await expect(boot(OTHER)).rejects.toThrow(/SECRET_KEY cannot decrypt[\s\S]*PREVIOUS_SECRET_KEYS/);
    app = await boot(NEW);
  });

  it.each([[[OLD, OLD]], [[NEW]], [['short']]])(
    'is refused with former keys %#, one twice, the present one, or none at all',
    async (previous) => {
      await expect(boot(NEW, previous as string[])).rejects.toThrow(/PREVIOUS_SECRET_KEYS/);
    },
  );
});
