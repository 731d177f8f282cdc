import { IsIn, IsOptional, IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { UserField } from '../../src/users/user-field.decorator.js';
import { bootHost } from '../boot-host.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { inTurnBehind } from './held-back.js';
import { expected, Holder, SCOPE } from './holder.js';
import { Trials } from './trials.js';

const PASSWORD = 'an engine weaves algebra';
const tokenIn = ({ text }: { text: string }) => /token=([\w.-]+)/.exec(text)![1]!;
const databaseOf = (app: AuthTestApp) => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });

/** bcrypt, of the password that everybody has here. */
const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const HOLDING = {
  emailVerification: 'optional',
  mailLogin: 'link',
  mailLoginUrl: 'https://app.example.com/sign-in',
  usernames: true,
  apiKeyScopes: [SCOPE],
  apiKeyFreshSeconds: 3600,
  loginFactorSeconds: 3600,
  lockoutFailures: 3,
  mailsPerAddress: 1_000_000,
  mailsPerIp: 1_000_000,
} as const;

describe('a user who is deleted, and imported again with the same id', () => {
  overStores((store) => {
    it('has nothing else of before, but what the import brings', async () => {
      const app = await bootWithMadeUsers({ ...HOLDING, authStrategies: ['jwt', 'api-key'], sessionStore: store });
      const holder = await Holder.of(app);
      await expected(204, holder.asAdmin('DELETE', ''));
      const { email, userId: id } = holder;
      const users = [{ email, id, emailVerified: true, passwordHash: BCRYPT }];
      expect((await holder.admin.post('/admin/import', { users })).body).toEqual({ imported: 1, refused: [] });
      const fates = await new Trials(holder, { password: PASSWORD }, 'jwt', false).all();
      const living = Object.entries(fates).filter(([, fate]) => fate !== 'ends');
      expect(living).toEqual([['the password', 'lives']]);
      await app.close();
    });

    it.each(['session', 'jwt'])('has nothing of the sessions of before: %s', async (strategy) => {
      const app = await bootWithMadeUsers({ sessionStore: store });
      const admin = await app.logIn({ changes: { roles: ['admin'] } });
      const thief = await app.logIn({ strategy: strategy as 'session' });
      expect((await admin.delete(`/admin/users/${thief.userId}`)).status).toBe(204);
      const users = [{ email: thief.email, id: thief.userId, emailVerified: true }];
      expect((await admin.post('/admin/import', { users })).body).toEqual({ imported: 1, refused: [] });
      const { status, body } = await thief.get('/auth/me');
      expect([status, body.code]).toEqual([401, 'session_ended']);
      await app.close();
    });
  });
});

class Fields {
  @IsOptional()
  @IsString()
  company?: string;

  @UserField({ adminOnly: true })
  @IsOptional()
  @IsIn(['free', 'paid', 'suspended'])
  plan = 'free';
}

describe('a field that only admins may set', () => {
  it('stays what it was when the mailbox is proven in another browser', async () => {
    const app = await bootHost({ registrationFields: Fields, options: { emailVerification: 'optional' } });
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const email = 'eve@example.com';
    await app.client().post('/auth/register', { email, password: PASSWORD, company: 'Planted' });
    const users = app.app.get(UserStore, { strict: false });
    const { id } = (await users.findByEmail(email))!;
    expect((await admin.patch(`/admin/users/${id}`, { plan: 'suspended' })).status).toBe(200);
    await app.client().post('/auth/email/verify', { token: tokenIn((await app.mails(email))[0]!) });
    expect(await users.find(id)).toMatchObject({ name: null, fields: { plan: 'suspended' } });
    await app.close();
  });
});

describe('invitations at the same moment', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  let database: DataSource;
  beforeAll(async () => {
    app = await bootHost();
    admin = await app.logIn({ changes: { roles: ['admin'] } });
    database = databaseOf(app);
  });
  afterAll(() => app.close());
  const invite = (email: string, more = {}) => admin.post('/admin/invitations', { email, ...more });
  const accept = (token: string) => app.client().post('/auth/invitation', { token, password: PASSWORD });

  it('to one address: one of them is open afterwards', async () => {
    const email = 'both@example.com';
    const other = await app.logIn({ changes: { roles: ['admin'] } });
    const [first, second] = await inTurnBehind(
      database,
      'LOCK TABLE coatcheck.invitations IN SHARE ROW EXCLUSIVE MODE',
      () => invite(email),
      () => other.post('/admin/invitations', { email }),
    );
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await database.query('SELECT id FROM coatcheck.invitations WHERE email = $1', [email])).toHaveLength(1);
  });

  it('accepted while it is withdrawn: one of the two is done, and the other told so', async () => {
    const email = 'raced@example.com';
    const { id } = (await invite(email)).body;
    const token = tokenIn((await app.mails(email))[0]!);
    const lock = `SELECT 1 FROM coatcheck.users WHERE id = '${admin.userId}' FOR UPDATE`;
    const [withdrawn, accepted] = await inTurnBehind(
      database,
      lock,
      () => admin.delete(`/admin/invitations/${id}`),
      () => accept(token),
    );
    const user = await app.app.get(UserStore, { strict: false }).findByEmail(email);
    expect([withdrawn.status, accepted.status, user === null]).toEqual([204, 400, true]);
  });
});

describe('an import that is refused for its id', () => {
  it('has not removed an unproven user of its address', async () => {
    const app = await bootHost({ options: { emailVerification: 'optional' } });
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const email = 'unproven@example.com';
    await app.client().post('/auth/register', { email, password: PASSWORD });
    const users = app.app.get(UserStore, { strict: false });
    const before = await users.findByEmail(email);
    const row = { email, id: admin.userId, emailVerified: true, roles: ['root'] };
    const reply = await admin.post('/admin/import', { users: [row] });
    expect(reply.body).toEqual({ imported: 0, refused: [{ index: 0, reason: 'taken' }] });
    expect([before === null, await users.findByEmail(email)]).toEqual([false, before]);
    await app.close();
  });
});
