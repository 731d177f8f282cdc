import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { overStores, overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const NEW_PASSWORD = 'seventeen quiet otters';

describe('recovery', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
  });
  afterAll(() => app.close());

  const forgot = (email: string) => app.client().post('/auth/password/forgot', { email });
  const reset = (token: string, password: string) => app.client().post('/auth/password/reset', { token, password });
  const logIn = (email: string, password: string) => app.client().post('/auth/login', { email, password });
  const codeOf = async (user: TestUser) => (await user.get('/auth/me')).body.code;
  const linkTo = async (email: string) => {
    await forgot(email);
    return app.mailedToken(email);
  };
  const change = (user: TestUser, body: object) => user.post('/auth/password/change', body);
  const remove = (user: TestUser, body?: object) => user.request('DELETE', '/auth/me', body);

  overStrategies((strategy) => {
    it('a password reset ends all sessions, logs no user in, and only the new password is right', async () => {
      const phone = await app.logIn({ strategy, transport: 'body' });
      const laptop = await app.logInAgain({ ...phone, strategy, transport: 'body' });
      const reply = await reset(await linkTo(phone.email), NEW_PASSWORD);
      expect([reply.status, reply.text, reply.setCookies]).toEqual([204, '', []]);
      for (const device of [phone, laptop]) expect(await codeOf(device)).toBe('session_ended');
      if (strategy === 'jwt') {
        const { body } = await app.client().post('/auth/refresh', { refreshToken: phone.refreshToken });
        expect(body.code).toBe('session_ended');
      }
      expect((await logIn(phone.email, phone.password)).body.code).toBe('invalid_credentials');
      expect((await logIn(phone.email, NEW_PASSWORD)).status).toBe(200);
      // The newest first: the login after it came from a client that keeps no cookies.
      const subjects = (await app.mails(phone.email)).map(({ subject }) => subject);
      expect(subjects.slice(0, 2)).toEqual(['New sign-in to your account', 'Your password was changed']);
    });

    it('a password change ends every other session and gives this one a new id and new tickets', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      const other = await app.logInAgain({ ...user, strategy, transport: 'body' });
      const old = user.copyInto(app.client(user.defaults));
      const link = await linkTo(user.email);
      const reply = await change(user, { currentPassword: user.password, newPassword: NEW_PASSWORD });
      expect([reply.status, reply.text]).toEqual([204, '']);
      expect(await codeOf(other)).toBe('session_ended');
      expect((await old.get('/auth/me')).body.code).toBe('session_ended');
      const me = await user.get('/auth/me');
      expect(me.status).toBe(200);
      expect(me.body.session.id).not.toBe(user.sessionId);
      expect((await user.get('/auth/sessions')).body.sessions).toHaveLength(1);
      expect((await reset(link, 'another quiet otter')).body.code).toBe('invalid_token');
      expect((await logIn(user.email, user.password)).status).toBe(401);
      expect((await logIn(user.email, NEW_PASSWORD)).status).toBe(200);
      const subjects = (await app.mails(user.email)).map(({ subject }) => subject);
      expect(subjects.slice(0, 2)).toEqual(['New sign-in to your account', 'Your password was changed']);
    });

    it('a step-up makes the session fresh under a new id, and the old tickets end', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      const old = user.copyInto(app.client(user.defaults));
      app.clock.advance(600);
      const refused = await user.post('/auth/step-up', { password: 'wrong horse' });
      expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials']);
      const { status, body } = await user.post('/auth/step-up', { password: user.password });
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'authenticated', session: { amr: ['pwd'], current: true } });
      expect(body.session.id).not.toBe(user.sessionId);
      expect((await user.get('/auth/me')).body.session.id).toBe(body.session.id);
      expect((await old.get('/auth/me')).body.code).toBe('session_ended');
    });

    it('a deletion ends every session and lets the address register anew', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      const other = await app.logInAgain({ ...user, strategy, transport: 'body' });
      expect((await remove(user, { password: 'wrong horse' })).body.code).toBe('invalid_credentials');
      expect((await remove(user, { password: user.password })).status).toBe(204);
      for (const device of [user, other]) expect((await device.get('/auth/me')).status).toBe(401);
      expect((await logIn(user.email, user.password)).body.code).toBe('invalid_credentials');
      expect((await app.mails(user.email))[0]!.subject).toBe('Your account was deleted');
      const again = await app.logIn({ email: user.email });
      expect(again.userId).not.toBe(user.userId);
      expect((await other.get('/auth/me')).status).toBe(401);
    });
  });

  it('a password reset works once, for a password of its own choice among 20 at once', async () => {
    const { email, password } = await app.register();
    const token = await linkTo(email);
    const passwords = Array.from({ length: 20 }, (_, i) => `${NEW_PASSWORD} ${i}`);
    const replies = await Promise.all(passwords.map((wanted) => reset(token, wanted)));
    expect(replies.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(400)]);
    const winner = replies.findIndex(({ status }) => status === 204);
    for (const [i, wanted] of passwords.entries()) {
      if (i < 3 || i === winner) expect((await logIn(email, wanted)).status).toBe(i === winner ? 200 : 401);
    }
    expect((await logIn(email, password)).status).toBe(401);
  });

  it('a password change refuses a wrong current password, the same one again and a weak one, and changes nothing', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const { password } = user;
    const wrong = await change(user, { currentPassword: 'wrong horse', newPassword: NEW_PASSWORD });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    const same = await change(user, { currentPassword: password, newPassword: password });
    expect([same.status, same.body.errors[0]]).toMatchObject([400, { field: 'newPassword', rule: 'unchanged' }]);
    const weak = await change(user, { currentPassword: password, newPassword: 'password1' });
    expect([weak.status, weak.body.errors[0].field]).toEqual([400, 'newPassword']);
    expect((await user.get('/auth/me')).body.session.id).toBe(user.sessionId);
    expect((await logIn(user.email, password)).status).toBe(200);
  });

  it('a deletion needs the password unless a step-up is fresh', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    app.clock.advance(300);
    const refused = await remove(user, {});
    expect([refused.status, refused.body.code]).toEqual([403, 'step_up_required']);
    expect(refused.body.stepUp).toEqual({ maxAgeSeconds: 300, amr: ['pwd'] });
    await user.post('/auth/step-up', { password: user.password });
    app.clock.advance(299);
    expect((await remove(user)).status).toBe(204);
  });

  it('a new name is shown at once, and nothing else can be set', async () => {
    const user = await app.logIn({ transport: 'cookie', name: 'Ada' });
    const { status, body } = await user.request('PATCH', '/auth/me', { name: 'Ada King' });
    expect([status, body]).toMatchObject([200, { id: user.userId, name: 'Ada King' }]);
    expect((await user.get('/auth/me')).body.user.name).toBe('Ada King');
    expect((await user.request('PATCH', '/auth/me', { roles: ['admin'] })).status).toBe(400);
    expect((await user.request('PATCH', '/auth/me', {})).body.name).toBe('Ada King');
    expect((await user.request('PATCH', '/auth/me', { name: null })).body.name).toBeNull();
  });
});

// Sessions and what ends them meet where sessions are kept.
overStores((sessionStore) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ sessionStore });
  });
  afterAll(() => app.close());

  const logIn = (email: string, password: string) => app.client().post('/auth/login', { email, password });

  overStrategies((strategy) => {
    it('a password reset leaves no session to logins with the old password that were under way', async () => {
      const { email, password } = await app.register();
      await app.client().post('/auth/password/forgot', { email });
      const token = await app.mailedToken(email);
      const body = { email, password, strategy, transport: strategy === 'jwt' ? 'body' : undefined };
      const before = Array.from({ length: 8 }, () => app.client().post('/auth/login', body));
      const resetting = app.client().post('/auth/password/reset', { token, password: NEW_PASSWORD });
      const after = Array.from({ length: 8 }, () => app.client().post('/auth/login', body));
      const replies = await Promise.all([...before, ...after]);
      expect((await resetting).status).toBe(204);
      for (const { status, body: login, setCookies } of replies) {
        expect([200, 401]).toContain(status);
        const ticket: Record<string, string> = login.accessToken
          ? { authorization: `Bearer ${login.accessToken}` }
          : { cookie: setCookies.map((line) => line.split(';')[0]).join('; ') };
        if (status === 200) expect((await app.client(ticket).get('/auth/me')).status).toBe(401);
      }
    });
  });

  it('a password change has one winner among eight at once, and one session', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const passwords = Array.from({ length: 8 }, (_, i) => `${NEW_PASSWORD} ${i}`);
    const clients = passwords.map(() => user.copyInto(app.client(user.defaults)));
    const replies = await Promise.all(
      passwords.map((newPassword, i) =>
        clients[i]!.post('/auth/password/change', { currentPassword: user.password, newPassword }),
      ),
    );
    const winners = replies.flatMap(({ status }, i) => (status === 204 ? [i] : []));
    expect(winners).toHaveLength(1);
    for (const { status } of replies) expect([204, 401]).toContain(status);
    expect((await logIn(user.email, passwords[winners[0]!]!)).status).toBe(200);
    expect((await clients[winners[0]!]!.get('/auth/me')).status).toBe(200);
  });

  it('a step-up has one heir when eight are made at once', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const clients = Array.from({ length: 8 }, () => user.copyInto(app.client(user.defaults)));
    const replies = await Promise.all(
      clients.map((client) => client.post('/auth/step-up', { password: user.password })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const heir = clients[replies.findIndex(({ status }) => status === 200)]!;
    expect((await heir.get('/auth/sessions')).body.sessions).toHaveLength(1);
  });
});
