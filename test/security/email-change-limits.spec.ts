import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

const A_DAY = 5;
const LINKS = 10;
const DAY = 86_400;

describe('changes of address on request', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ sessionIdleSeconds: 20 * DAY, sessionAbsoluteSeconds: 30 * DAY });
  });
  afterAll(() => app.close());

  const ask = (user: TestUser, i: number) =>
    user.post('/auth/email/change', { email: `ever-new-${i}@example.com`, password: user.password });
  const links = async (userId: string) => {
    const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE);
    const [row] = await dataSource.query(
      `SELECT count(*)::int AS n FROM coatcheck.mailed_tokens
        WHERE user_id = $1 AND purpose = 'email-change-undo' AND consumed_at IS NULL`,
      [userId],
    );
    return row.n as number;
  };

  it(`are at most ${A_DAY} a day for one user, and the owner gets no more mails of it`, async () => {
    const user = await app.logIn();
    for (let i = 0; i < A_DAY; i += 1) expect((await ask(user, i)).status).toBe(202);
    const refused = await ask(user, A_DAY);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(DAY - 60);
    const told = (await app.mails(user.email)).filter(({ subject }) =>
      subject.includes('A change of your e-mail address'),
    );
    expect(told).toHaveLength(A_DAY);
    expect(await links(user.userId)).toBe(A_DAY);
    // Nobody else is.
    expect((await ask(await app.logIn(), 0)).status).toBe(202);
    app.clock.advance(DAY + 1);
    expect((await ask(user, A_DAY)).status).toBe(202);
  });

  it(`leave at most ${LINKS} ways back at a time, however slowly they come`, async () => {
    const user = await app.logIn();
    const statuses: number[] = [];
    for (let i = 0; i < LINKS + 2; i += 1) {
      statuses.push((await ask(user, i)).status);
      app.clock.advance(DAY / 4);
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(LINKS);
    expect(await links(user.userId)).toBe(LINKS);
  });

  it.each([
    ['the way back', 'A change of your e-mail address', '/auth/email/change/undo'],
    ['"this was not me"', 'password was changed', '/auth/security/not-me'],
  ])('are counted anew once the account is taken back by %s', async (_how, subject, path) => {
    const owner = await app.logIn();
    const [stolen, password] = ['chosen by a thief', 'chosen by the owner anew'];
    const params = { currentPassword: owner.password, newPassword: stolen };
    expect((await owner.post('/auth/password/change', params)).status).toBe(204);
    const thief = await app.logInAgain({ email: owner.email, password: stolen });
    for (let i = 0; i < LINKS; i += 1) {
      if (i === A_DAY) app.clock.advance(DAY + 1);
      expect((await ask(thief, i)).status).toBe(202);
    }
    expect((await ask(thief, LINKS)).status).toBe(429);
    const mail = (await app.mails(owner.email)).find((each) => each.subject.includes(subject));
    const token = /token=([\w.-]+)/.exec(mail!.text)![1];
    expect((await app.client().post(path, { token })).status).toBe(204);
    const reset = { token: await app.mailedToken(owner.email), password };
    expect((await app.client().post('/auth/password/reset', reset)).status).toBe(204);
    const again = await app.logInAgain({ email: owner.email, password });
    const statuses: number[] = [];
    for (let i = 0; i <= A_DAY; i += 1) statuses.push((await ask(again, i)).status);
    expect(statuses).toEqual([...Array(A_DAY).fill(202), 429]);
  });

  it(`are counted exactly when many come at once`, async () => {
    const user = await app.logIn();
    const replies = await Promise.all(Array.from({ length: 12 }, (_, i) => ask(user, i)));
    expect(replies.filter(({ status }) => status === 202)).toHaveLength(A_DAY);
  });
});
