import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { expected, freshAddress } from './holder.js';

/** bcrypt, of the password below. */
const BCRYPT = '$2b$05$abcdefghijklmnopqrstuuhNVeBrQxBCTLaI0HRW67Yst1cBmKo1S';
const BCRYPT_PASSWORD = 'an engine weaves algebra';
const STRANGE = 'planted by some stranger';
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

describe('an imported user loses the address, the password and the roles to nothing that was asked for before:', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'], mailsPerIp: 10_000 });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const post = (path: string, body: object) => app.client().post(path, body);
  const importAt = async (email: string) => {
    const users = [{ email, emailVerified: true, passwordHash: BCRYPT, roles: ['accountant'] }];
    expect((await expected(200, admin.post('/admin/import', { users }))).imported).toBe(1);
  };
  const isUntouched = async (email: string) => {
    const user = await app.logInAgain({ email, password: BCRYPT_PASSWORD });
    expect((await user.get('/auth/me')).body.user).toMatchObject({ email, roles: ['accountant'], emailVerified: true });
    expect(told(await post('/auth/login', { email, password: STRANGE }))).toBe('401 invalid_credentials');
  };

  it('not to an invitation to it, with other roles', async () => {
    const email = freshAddress();
    await expected(201, admin.post('/admin/invitations', { email, roles: ['editor'] }));
    const token = await app.mailedToken(email);
    await importAt(email);
    expect(told(await post('/auth/invitation', { token, password: STRANGE }))).toMatch(
      /^4(00 invalid_token|09 conflict)$/,
    );
    await isUntouched(email);
  });

  it('not to another user’s change to it, which its owner confirms', async () => {
    const [email, stranger] = [freshAddress(), await app.logIn()];
    await expected(202, stranger.post('/auth/email/change', { email, password: stranger.password }));
    const token = await app.mailedToken(email);
    await importAt(email);
    expect(told(await post('/auth/email/change/confirm', { token }))).toMatch(/^4(00 invalid_token|09 conflict)$/);
    expect((await stranger.get('/auth/me')).body.user.email).toBe(stranger.email);
    await isUntouched(email);
  });

  it('not to a registration of it, by its link', async () => {
    const email = freshAddress();
    await expected(202, post('/auth/register', { email, password: STRANGE }));
    const token = await app.mailedToken(email);
    await importAt(email);
    expect(told(await post('/auth/email/verify', { token }))).toMatch(/^(204|4\d\d .*)$/);
    await isUntouched(email);
  });

  it('not to the way back of the user who has left it', async () => {
    const [stranger, next] = [await app.logIn(), freshAddress()];
    const { email } = stranger;
    await expected(202, stranger.post('/auth/email/change', { email: next, password: stranger.password }));
    await expected(204, post('/auth/email/change/confirm', { token: await app.mailedToken(next) }));
    const mails = await app.mails(email);
    const undo = /token=([\w.-]+)/.exec(mails.find(({ subject }) => subject.includes('was changed'))!.text)![1]!;
    await importAt(email);
    expect(told(await post('/auth/email/change/undo', { token: undo }))).toBe(204);
    await isUntouched(email);
  });
});
