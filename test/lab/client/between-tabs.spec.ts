import { Tab, TRANSPORTS } from '../../client/page-under-test.js';
import { inScene } from './scene.js';

inScene('tabs of one browser', (scene) => {
  it.each(TRANSPORTS)('hear within 300 ms that the session has ended, and ask nothing (%s)', async (transport) => {
    const [first, second] = await scene.signedIn(2, transport);
    const { session } = await first.snapshot();
    const admin = await scene.app.actAs({ roles: ['admin'] });
    expect((await admin.delete(`/admin/sessions/${session!.id}`)).status).toBe(204);
    await second!.run(
      `void (globalThis.over = until((now) => now.status === 'signed-out').then(() => performance.timeOrigin + performance.now()))`,
    );
    second!.complaints.length = 0;
    const at = await first.run(`client.fetch('/auth/sessions').then(() => performance.timeOrigin + performance.now())`);
    const heard = await second!.run('over');
    expect(await second!.snapshot()).toMatchObject({ status: 'signed-out', reason: 'session_ended' });
    expect(second!.complaints).toEqual([]);
    // Said by two pages of one machine, whose clocks are one.
    expect(heard - at).toBeLessThan(300);
  });

  it.each(TRANSPORTS)('never show what is another user’s under the name of the first (%s)', async (transport) => {
    const [first, second] = await scene.signedIn(2, transport);
    const grace = await scene.app.register({ name: 'Grace' });
    // What is asked all the while: whose it is, and under whose name it was shown.
    await first.run(`void (async () => {
      globalThis.shown = [];
      for (globalThis.goesOn = true; goesOn; ) {
        const reply = await client.fetch('/auth/me').catch(() => null);
        if (reply?.ok) shown.push([client.session.getSnapshot().user?.email ?? null, (await reply.json()).user.email]);
      }
    })()`);
    await second!.logIn(grace);
    await first.run('until((now) => now.user?.email === given)', grace.email);
    const shown = await first.run<[string | null, string][]>('(goesOn = false, shown)');
    expect(shown.filter(([name, whose]) => name !== null && name !== whose)).toEqual([]);
    expect((await first.run('routes(client).get("/auth/me")')).data.user.email).toBe(grace.email);
  });

  it.each(['session', 'cookie'] as const)(
    'learn whose ticket they have when only the headers of a login’s reply came (%s)',
    async (transport) => {
      const [first, second] = await scene.signedIn(2, transport);
      const grace = await scene.app.register({ name: 'Grace' });
      scene.site.fate = (route) => (route === 'POST /auth/login' ? 'torn' : 'pass');
      const { email, password } = grace;
      const outcome = await second!.run(`client.login(given).then(({ problem }) => problem?.code)`, {
        email,
        password,
      });
      expect(outcome).toBe('unreachable');
      for (const tab of [first, second!]) {
        await tab.run('until((now) => now.user?.email === given)', email);
        expect((await tab.run('routes(client).get("/auth/me")')).data.user.email).toBe(email);
      }
    },
  );

  it('a listener that throws, or asks and waits for the answer, holds nobody up', async () => {
    const tab = await Tab.open(scene.context, scene.site.origin);
    await tab.run(`void (globalThis.client = make('split'),
      client.session.subscribe(() => { throw new Error('of the listener') }),
      client.session.subscribe(async () => { globalThis.asked = (await client.fetch('/auth/sessions')).status; }))`);
    expect(await tab.logIn(scene.user)).toMatchObject({ status: 'authenticated' });
    scene.expire();
    expect(await tab.ask(5)).toEqual(Array(5).fill(200));
    await tab.eventually('globalThis.asked === 200');
    expect(tab.complaints.some((complaint) => complaint.includes('of the listener'))).toBe(true);
  });

  it.each(TRANSPORTS)(
    'a page out of the back-forward cache shows nobody who has logged out meanwhile (%s)',
    async (transport) => {
      const [first] = await scene.signedIn(1, transport);
      await first.page.goto(`${scene.site.origin}/elsewhere`);
      await first.begin(transport);
      await first.run('client.logout()');
      await first.page.evaluate('void history.back()');
      await first.page.waitForURL(`${scene.site.origin}/`);
      const isRestored = await first.run(`typeof globalThis.client === 'object'`);
      if (!isRestored) await first.begin(transport);
      expect(['signed-out', 'unknown']).toContain((await first.snapshot()).status);
      await first.becomes('signed-out');
      expect(await first.run(`globalThis.heard?.includes('signed-in') ?? false`)).toBe(false);
    },
  );

  it('two clients of one page, of two services, do not hear each other', async () => {
    const [tab] = await scene.signedIn(1, 'session');
    await tab.run(`void (globalThis.other = make('session', { baseUrl: location.origin + '/example' }))`);
    const status = await tab.run(`until((now) => now.status !== 'unknown', other).then(({ status }) => status)`);
    expect(status).not.toBe('signed-in');
    await tab.run('client.logout()');
    expect(await tab.run('other.session.getSnapshot().reason')).not.toBe('logout');
  });

  it('without BroadcastChannel each finds out by itself', async () => {
    await scene.context.addInitScript('delete globalThis.BroadcastChannel');
    const [first, second] = await scene.signedIn(2, 'split');
    scene.expire();
    expect((await Promise.all([first.ask(5), second!.ask(5)])).flat()).toEqual(Array(10).fill(200));
    await first.run('client.logout()');
    expect(await second!.ask(2)).toEqual([401, 401]);
    expect(await second!.snapshot()).toMatchObject({ status: 'signed-out', reason: 'unauthenticated' });
  });

  it.each(TRANSPORTS)(
    'a logout offline is pending, is not forgotten with the page, and is told as soon as it can be (%s)',
    async (transport) => {
      const [first] = await scene.signedIn(1, transport);
      scene.site.fate = () => 'drop';
      expect(await first.run('client.logout()')).toEqual({ status: 'pending' });
      expect(await first.snapshot()).toMatchObject({ status: 'signed-out' });
      await first.page.reload();
      expect(await first.begin(transport)).toMatchObject({ status: 'signed-out' });
      scene.site.fate = () => 'pass';
      expect(await first.ask()).toEqual([401]);
      await first.page.evaluate(`window.dispatchEvent(new Event('online'))`);
      await first.eventually('Object.values(localStorage).join() === ""');
      expect((await scene.context.cookies()).filter(({ name }) => name !== 'device')).toEqual([]);
    },
  );
});
