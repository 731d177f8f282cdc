import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestReply, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from '../flows/combinations.js';
import { inTurn } from './held-back.js';
import { expected, freshAddress } from './holder.js';

const PASSWORD = 'seventeen quiet otters';
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

// That each event ends them, or does not: `test/lab/events`.
describe('an invitation that was sent in a session of an admin', () => {
  let app: AuthTestApp;
  let boss: TestUser;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'], mailsPerAddress: 10_000, mailsPerIp: 10_000 });
    boss = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => app.close());

  const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const userOf = (email: string) => app.app.get(UserStore, { strict: false }).findByEmail(email);
  const invited = async (by: TestClient) => {
    const email = freshAddress();
    await expected(201, by.post('/admin/invitations', { email, roles: ['editor'] }));
    const token = await app.mailedToken(email);
    return { email, accept: () => app.client().post('/auth/invitation', { token, password: PASSWORD }) };
  };

  it('by a thief, is of no use once the owner has logged out everywhere; those of others are', async () => {
    const owner = await app.logIn({ changes: { roles: ['admin'] } });
    const [thiefs, others] = [await invited(owner.copy()), await invited(boss)];
    await expected(204, owner.post('/auth/logout-all', {}));
    expect(told(await thiefs.accept())).toBe('400 invalid_token');
    expect(await userOf(thiefs.email)).toBeNull();
    expect(told(await others.accept())).toBe(204);
    expect(await userOf(others.email)).toMatchObject({ roles: ['editor'] });
    const { invitations } = await expected(200, boss.get('/admin/invitations'));
    expect(invitations.map(({ email }: { email: string }) => email)).not.toContain(thiefs.email);
  });

  it.each([
    ['behind the end of all sessions: refused', false],
    ['before it: the user is made, once', true],
  ])('is accepted %s', async (_order, isFirst) => {
    const owner = await app.logIn({ changes: { roles: ['admin'] } });
    const { email, accept } = await invited(owner);
    const end = () => boss.post(`/admin/users/${owner.userId}/logout`);
    const [first, second] = await (isFirst
      ? inTurn(database(), owner.userId, accept, end)
      : inTurn(database(), owner.userId, end, accept));
    expect([told(first), told(second)]).toEqual(isFirst ? [204, 204] : [204, '400 invalid_token']);
    expect((await userOf(email)) !== null).toBe(isFirst);
    expect(told(await accept())).toBe('400 invalid_token');
  });

  it('is not sent by a request that waits behind the end of all sessions', async () => {
    const owner = await app.logIn({ changes: { roles: ['admin'] } });
    const email = freshAddress();
    const end = () => boss.post(`/admin/users/${owner.userId}/logout`);
    const invite = () => owner.post('/admin/invitations', { email, roles: ['editor'] });
    const [ended, refused] = await inTurn(database(), owner.userId, end, invite);
    expect([told(ended), told(refused)]).toEqual([204, '401 session_ended']);
    expect(await app.mails(email)).toEqual([]);
  });
});
