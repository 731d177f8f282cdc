import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { protectedUser } from '../flows/authenticator-app.js';
import { overStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';

function answer({ status, body }: TestReply) {
  return [status, body?.code];
}

describe('L-10: deleting oneself', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
  });
  afterAll(() => app.close());

  const remove = (user: Pick<TestUser, 'request'>, body?: object) => user.request('DELETE', '/auth/me', body);

  overStrategies((strategy) => {
    it('takes more than a session, however fresh its login', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      for (const body of [undefined, {}]) {
        const refused = await remove(user, body);
        expect(answer(refused)).toEqual([403, 'step_up_required']);
        expect(refused.body.stepUp).toEqual({ maxAgeSeconds: 300, amr: ['pwd'] });
      }
      expect(answer(await remove(user, { password: 'wrong horse' }))).toEqual([401, 'invalid_credentials']);
      expect(answer(await remove(user, { password: null }))).toEqual([400, 'validation_failed']);
      expect((await user.get('/auth/me')).status).toBe(200);
      expect((await remove(user, { password: user.password })).status).toBe(204);
      expect((await user.get('/auth/me')).status).toBe(401);
    });

    it('takes a step-up as well, while that is fresh', async () => {
      const [early, late] = [
        await app.logIn({ strategy, transport: 'cookie' }),
        await app.logIn({ strategy, transport: 'cookie' }),
      ];
      app.clock.advance(60);
      for (const user of [early, late])
        expect((await user.post('/auth/step-up', { password: user.password })).status).toBe(200);
      app.clock.advance(299);
      expect((await remove(early)).status).toBe(204);
      app.clock.advance(1);
      expect(answer(await remove(late))).toEqual([403, 'step_up_required']);
    });
  });

  it('takes a step-up by the second factor of a user who has one, or the password', async () => {
    const [one, other] = [await protectedUser(app), await protectedUser(app)];
    app.clock.advance(60);
    await one.user.post('/auth/step-up', { password: one.password });
    const weak = await remove(one.user);
    expect(answer(weak)).toEqual([403, 'step_up_required']);
    expect(weak.body.stepUp.amr).toEqual(['mfa']);
    expect((await one.user.post('/auth/step-up', { factor: 'totp', code: one.code() })).status).toBe(200);
    expect((await remove(one.user)).status).toBe(204);
    expect((await remove(other.user, { password: other.password })).status).toBe(204);
  });

  it('takes no fresh login by a passkey for a step-up', async () => {
    const holder = await PasskeyHolder.enrolled(app, 'session');
    const client = app.client();
    expect((await holder.logIn({ client, strategy: 'session' })).status).toBe(200);
    expect(answer(await remove(client))).toEqual([403, 'step_up_required']);
    expect((await client.get('/auth/me')).status).toBe(200);
  });

  it('is told to the mailbox that could take a change of address back, too', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const email = 'thief@example.com';
    await user.post('/auth/email/change', { email, password: user.password });
    await app.client().post('/auth/email/change/confirm', { token: await app.mailedToken(email) });
    expect((await remove(user, { password: user.password })).status).toBe(204);
    for (const mailbox of [email, user.email])
      expect((await app.mails(mailbox))[0]!.subject).toBe('Your account was deleted');
  });
});
