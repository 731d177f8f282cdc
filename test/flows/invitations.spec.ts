import { IsIn, IsOptional, IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { UserField } from '../../src/users/user-field.decorator.js';
import { bootHost } from '../boot-host.js';

class Fields {
  @IsString()
  company!: string;

  @UserField({ adminOnly: true })
  @IsOptional()
  @IsIn(['free', 'paid'])
  plan?: string;
}

const PASSWORD = 'an engine weaves algebra';
const WEEK_SECONDS = 7 * 86_400;
let counter = 0;
const freshEmail = () => `invited-${++counter}@example.com`;
const tokenIn = ({ text }: { text: string }) => /token=([\w.-]+)/.exec(text)![1]!;

describe('an invitation', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootHost({ registrationFields: Fields, options: { selfRegistration: false } });
    const users = app.app.get(UserStore, { strict: false });
    // Registration is closed: the first admin comes by the bootstrap token, here as a row.
    const made = await users.insert({
      email: 'admin@example.com',
      name: null,
      roles: ['admin'],
      emailVerifiedAt: new Date(),
    });
    await app.client().post('/auth/password/forgot', { email: made!.email });
    const token = tokenIn((await app.mails(made!.email!))[0]!);
    expect((await app.client().post('/auth/password/reset', { token, password: PASSWORD })).status).toBe(204);
    admin = await app.logInAgain({ email: made!.email!, password: PASSWORD });
  });
  afterAll(() => app.close());

  const invite = (body: object) => admin.post('/admin/invitations', body);
  const accept = (token: string, more: object = {}) =>
    app.client().post('/auth/invitation', { token, password: PASSWORD, company: 'Given', ...more });
  const tokenTo = async (email: string) => tokenIn((await app.mails(email))[0]!);
  const userOf = (email: string) => app.app.get(UserStore, { strict: false }).findByEmail(email);
  const rows = () =>
    app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }).query('SELECT id FROM coatcheck.invitations');

  it('is the only way in where registration is closed, whose address may be taken or not', async () => {
    for (const email of [freshEmail(), admin.email]) {
      const { status, body } = await app.client().post('/auth/register', { email, password: PASSWORD, company: 'x' });
      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect(await app.mails(email)).toHaveLength(email === admin.email ? 2 : 0);
    }
  });

  it('makes the user, verified, with its roles and fields, once its link is used; and never twice', async () => {
    const email = freshEmail();
    const { status, body } = await invite({ email: email.toUpperCase(), name: 'Ada', roles: ['editor'], plan: 'paid' });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ email, name: 'Ada', roles: ['editor'], invitedBy: admin.userId }),
    ]);
    expect(await userOf(email)).toBeNull();
    const token = await tokenTo(email);
    const replies = await Promise.all(Array.from({ length: 5 }, () => accept(token)));
    expect(replies.map((reply) => reply.status).sort()).toEqual([204, 400, 400, 400, 400]);
    expect(await userOf(email)).toMatchObject({
      name: 'Ada',
      roles: ['editor'],
      emailVerifiedAt: expect.any(Date),
      fields: { company: 'Given', plan: 'paid' },
    });
    expect((await app.client().post('/auth/login', { email, password: PASSWORD })).status).toBe(200);
    expect((await accept(token)).body.code).toBe('invalid_token');
  });

  it('stays good when the password or a field is refused, and gives no one what only admins may give', async () => {
    const email = freshEmail();
    await invite({ email });
    const token = await tokenTo(email);
    for (const [more, field] of [
      [{ password: 'password1' }, 'password'],
      [{ company: 5 }, 'company'],
      [{ plan: 'paid' }, 'plan'],
      [{ roles: ['admin'] }, 'roles'],
      [{ email: 'other@example.com' }, 'email'],
    ] as const) {
      const { status, body } = await accept(token, more);
      expect([status, body.errors[0].field]).toEqual([400, field]);
    }
    expect((await accept(token)).status).toBe(204);
    expect(await userOf(email)).toMatchObject({ roles: [], fields: { company: 'Given' } });
  });

  it('is listed until it is withdrawn, page by page, and its link is no good then', async () => {
    const emails = [freshEmail(), freshEmail(), freshEmail()];
    for (const email of emails) {
      await invite({ email });
      app.clock.advance(1);
    }
    const token = await tokenTo(emails[2]!);
    const first = (await admin.get('/admin/invitations?limit=2')).body;
    expect(first.invitations.map(({ email }: { email: string }) => email)).toEqual([emails[2], emails[1]]);
    const second = (await admin.get(`/admin/invitations?limit=2&cursor=${first.nextCursor}`)).body;
    expect(second.invitations[0].email).toBe(emails[0]);
    expect(JSON.stringify(first)).not.toContain(token.split('.')[1]);
    const { id } = first.invitations[0];
    expect((await admin.delete(`/admin/invitations/${id}`)).status).toBe(204);
    expect((await admin.delete(`/admin/invitations/${id}`)).status).toBe(404);
    expect((await accept(token)).body.code).toBe('invalid_token');
    expect(await userOf(emails[2]!)).toBeNull();
  });

  it('is replaced by the next one to the same address', async () => {
    const email = freshEmail();
    await invite({ email, roles: ['editor'] });
    const older = await tokenTo(email);
    await invite({ email });
    expect((await accept(older)).body.code).toBe('invalid_token');
    expect((await accept(await tokenTo(email))).status).toBe(204);
    expect((await userOf(email))!.roles).toEqual([]);
  });

  it('expires', async () => {
    const email = freshEmail();
    await invite({ email });
    const token = await tokenTo(email);
    const { count } = { count: (await rows()).length };
    app.clock.advance(WEEK_SECONDS + 1);
    expect((await accept(token)).body.code).toBe('invalid_token');
    expect((await rows()).length).toBe(count);
    admin = await app.logInAgain({ email: admin.email, password: PASSWORD });
    expect((await admin.get('/admin/invitations')).body.invitations).toEqual([]);
  });

  it('to the address of a user is refused: 409', async () => {
    expect((await invite({ email: admin.email })).body.code).toBe('conflict');
  });

  it('ends with the powers of the admin who sent it, and when everything is revoked', async () => {
    const users = app.app.get(UserStore, { strict: false });
    const [mine, theirs] = [freshEmail(), freshEmail()];
    await invite({ email: theirs, roles: ['admin'] });
    const otherToken = await tokenTo(theirs);
    await accept(otherToken);
    const other = await app.logInAgain({ email: theirs, password: PASSWORD });
    expect((await other.post('/admin/invitations', { email: mine, roles: ['admin'] })).status).toBe(201);
    const token = await tokenTo(mine);
    await users.update(other.userId, { roles: [] });
    expect((await accept(token)).body.code).toBe('invalid_token');
    await users.update(other.userId, { roles: ['admin'] });
    expect((await admin.post('/admin/revoke-all')).status).toBe(204);
    expect((await accept(token)).body.code).toBe('invalid_token');
    expect(await userOf(mine)).toBeNull();
    admin = await app.logInAgain({ email: admin.email, password: PASSWORD });
  });

  it('of an admin is told to all admins when it is made, not only when it is accepted', async () => {
    const email = freshEmail();
    const alerts = async () => (await app.mails(admin.email)).filter(({ text }) => text.includes(email));
    const { status, body } = await invite({ email, roles: ['admin'] });
    expect(status).toBe(201);
    expect((await alerts()).map(({ text }) => text)).toEqual([expect.stringContaining('invited')]);
    expect((await admin.delete(`/admin/invitations/${body.id}`)).status).toBe(204);
    const other = freshEmail();
    await invite({ email: other, roles: ['editor'] });
    expect((await app.mails(admin.email)).filter(({ text }) => text.includes(other))).toEqual([]);
  });

  it('with roles takes a fresh proof, and its audit names who invited whom', async () => {
    const email = freshEmail();
    app.clock.advance(3600);
    expect((await invite({ email, roles: ['editor'] })).body.code).toBe('step_up_required');
    expect((await invite({ email })).status).toBe(201);
    await accept(await tokenTo(email));
    const { events } = (await admin.get('/admin/audit?type=invitation.')).body;
    const accepted = events.find(({ type }: { type: string }) => type === 'invitation.accepted');
    expect(accepted).toMatchObject({ userId: (await userOf(email))!.id, details: { roles: [] } });
    expect(events.find(({ type }: { type: string }) => type === 'invitation.created').actorId).toBe(admin.userId);
  });

  it('opens a page that asks for a password and changes nothing', async () => {
    const page = await app.client().get('/auth/invitation?token=x');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('Accept the invitation');
  });
});

describe('an invitation to an address that a stranger has registered', () => {
  it('makes its user in the stranger’s place', async () => {
    const app = await bootHost({ options: { emailVerification: 'optional' } });
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    const email = freshEmail();
    await app.client().post('/auth/register', { email, password: 'sixteen silent herons', name: 'Eve' });
    expect((await admin.post('/admin/invitations', { email })).status).toBe(201);
    const mail = (await app.mails(email)).find(({ subject }) => subject === 'You are invited');
    const reply = await app.client().post('/auth/invitation', { token: tokenIn(mail!), password: PASSWORD });
    expect(reply.status).toBe(204);
    expect((await app.client().post('/auth/login', { email, password: 'sixteen silent herons' })).status).toBe(401);
    const login = await app.client().post('/auth/login', { email, password: PASSWORD });
    expect([login.status, login.body.user.name, login.body.user.emailVerified]).toEqual([200, null, true]);
    await app.close();
  });
});
