import type { Tab } from '../../client/page-under-test.js';
import { inScene } from './scene.js';

const BY_TOKENS = ['cookie', 'split'] as const;
const ALL_WELL = (statuses: readonly (number | string)[][]) => statuses.flat().filter((status) => status !== 200);

inScene('an expired token', (scene) => {
  const askAll = (tabs: readonly Tab[], times: number) => Promise.all(tabs.map((tab) => tab.ask(times)));

  it.each(BY_TOKENS)('is renewed once for eight tabs with fifty requests each (%s)', async (transport) => {
    const tabs = await scene.signedIn(8, transport);
    scene.expire();
    expect(ALL_WELL(await askAll(tabs, 50))).toEqual([]);
    expect(scene.site.count('POST /auth/refresh')).toBe(1);
    expect(await tabs[7]!.snapshot()).toMatchObject({ status: 'signed-in' });
  });

  it.each(BY_TOKENS)(
    'without Web Locks is renewed at most once a tab, and nobody is signed out (%s)',
    async (transport) => {
      await scene.context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`);
      // Opened at once: without turns a refresh of one of them would come two generations late, which the service takes for theft.
      const tabs = await scene.signedIn(8, transport);
      scene.expire();
      expect(ALL_WELL(await askAll(tabs, 10))).toEqual([]);
      expect(scene.site.count('POST /auth/refresh')).toBeLessThanOrEqual(8);
      for (const tab of tabs) expect(await tab.snapshot()).toMatchObject({ status: 'signed-in' });
    },
  );

  it.each(BY_TOKENS)('is renewed by another tab when the one that does it is closed (%s)', async (transport) => {
    const [first, second] = await scene.signedIn(2, transport);
    scene.expire();
    const isThere = scene.heldAt('POST /auth/refresh', 'drop');
    void first.ask().catch(() => undefined);
    await isThere;
    const others = second!.ask(5);
    await first.page.close();
    expect(ALL_WELL([await others])).toEqual([]);
    expect(scene.site.count('POST /auth/refresh')).toBe(2);
  });

  it('is renewed by another tab after five seconds when the one that does it is frozen', async () => {
    const [first, second] = await scene.signedIn(2, 'split');
    scene.expire();
    const isThere = scene.heldAt('POST /auth/refresh', 'pass');
    void first.ask().catch(() => undefined);
    await isThere;
    const session = await scene.context.newCDPSession(first.page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    expect(ALL_WELL([await second!.ask(5)])).toEqual([]);
    expect(scene.site.count('POST /auth/refresh')).toBe(2);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    scene.release();
    expect(ALL_WELL([await first.ask(2)])).toEqual([]);
    expect(await first.snapshot()).toMatchObject({ status: 'signed-in' });
  });

  it.each(BY_TOKENS)(
    'is not renewed for a logout that is under way: no ticket survives on either side (%s)',
    async (transport) => {
      const [first, second] = await scene.signedIn(2, transport);
      const { user } = await first.snapshot();
      scene.expire();
      const isThere = scene.heldAt('POST /auth/refresh', 'pass');
      const asked = first.ask(3);
      await isThere;
      const loggedOut = first.run('client.logout()');
      scene.release();
      expect(await loggedOut).toEqual({ status: 'signed-out' });
      await asked;
      expect(await first.snapshot()).toMatchObject({ status: 'signed-out' });
      await second!.becomes('signed-out');
      expect((await scene.context.cookies()).filter(({ name }) => name !== 'device')).toEqual([]);
      expect(await sessionsOf(user!.id)).toBe(0);
    },
  );

  const sessionsOf = async (userId: string) => {
    const admin = await scene.app.actAs({ roles: ['admin'] });
    return (await admin.get(`/admin/users/${userId}/sessions`)).body.sessions.length as number;
  };

  it.each(BY_TOKENS)('is renewed once after the keys were rotated at once (%s)', async (transport) => {
    const [tab] = await scene.signedIn(1, transport);
    const admin = await scene.app.actAs({ roles: ['admin'] });
    expect((await admin.post('/admin/keys/rotate', { now: true })).status).toBe(204);
    scene.site.forget();
    expect(ALL_WELL([await tab.ask(10)])).toEqual([]);
    expect(scene.site.count('POST /auth/refresh')).toBe(1);
  });
});
