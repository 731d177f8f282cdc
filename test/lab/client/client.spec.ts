import { Tab, TRANSPORTS } from '../../client/page-under-test.js';
import { inScene } from './scene.js';

inScene('a page with the client', (scene) => {
  describe.each(TRANSPORTS)('by %s', (transport) => {
    it('logs in, stays signed in when it is loaded anew, asks with the ticket, and logs out', async () => {
      const tab = await Tab.with(scene.context, scene.site.origin, transport);
      expect(await tab.snapshot()).toEqual({ status: 'signed-out', user: null, session: null, reason: null });
      const outcome = await tab.logIn(scene.user);
      expect(outcome).toMatchObject({ status: 'authenticated', user: { email: scene.user.email } });
      expect(Object.keys(outcome)).not.toEqual(expect.arrayContaining(['accessToken']));
      expect(await tab.snapshot()).toMatchObject({ status: 'signed-in', user: { email: scene.user.email } });
      expect(await tab.ask(2)).toEqual([200, 200]);
      await tab.page.reload();
      expect(await tab.begin(transport)).toMatchObject({ status: 'signed-in', user: { email: scene.user.email } });
      expect(await tab.ask(2)).toEqual([200, 200]);
      expect(await tab.run('client.logout()')).toEqual({ status: 'signed-out' });
      expect(await tab.snapshot()).toMatchObject({ status: 'signed-out', reason: 'logout' });
      expect((await scene.context.cookies()).filter(({ name, value }) => name !== 'device' && value !== '')).toEqual(
        [],
      );
      expect(await tab.ask()).toEqual([401]);
      await tab.page.reload();
      expect(await tab.begin(transport)).toMatchObject({ status: 'signed-out' });
    });

    it('tells the other tabs who signed in and that they signed out', async () => {
      const one = await Tab.with(scene.context, scene.site.origin, transport);
      const other = await Tab.with(scene.context, scene.site.origin, transport);
      await one.logIn(scene.user);
      expect(await other.becomes('signed-in')).toMatchObject({ user: { email: scene.user.email } });
      expect(await other.ask()).toEqual([200]);
      await other.run('client.logout()');
      expect(await one.becomes('signed-out')).toMatchObject({ reason: 'logout' });
    });

    it('is told what is wrong with a login, and nothing else comes of it', async () => {
      const tab = await Tab.with(scene.context, scene.site.origin, transport);
      scene.site.forget();
      const outcome = await tab.run(
        'client.login(given).then(({ status, problem }) => [status, problem.code, problem.status])',
        {
          email: scene.user.email,
          password: 'wrong horse battery',
        },
      );
      expect(outcome).toEqual(['problem', 'invalid_credentials', 401]);
      expect(scene.site.asked).toEqual(['POST /auth/login']);
    });
  });
});
