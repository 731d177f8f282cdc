import type { Tab } from '../../client/page-under-test.js';
import { inScene } from './scene.js';

const REFRESH = 'POST /auth/refresh';

inScene('when the service does not answer as it should', (scene) => {
  const refreshesWith = (fate: (count: number) => ReturnType<typeof scene.site.fate>) => {
    let count = 0;
    scene.site.fate = (route) => (route === REFRESH ? fate(++count) : 'pass');
  };
  /** A tab whose clock the test moves. */
  const withClock = async (transport: 'cookie' | 'split' = 'split'): Promise<Tab> => {
    const [tab] = await scene.signedIn(1, transport);
    await tab.page.clock.install();
    await tab.page.reload();
    await tab.begin(transport);
    scene.expire();
    return tab;
  };

  it.each([1, 8, 25])(
    'a lost reply to a refresh signs nobody out: it is asked for again after %s s',
    async (seconds) => {
      const tab = await withClock();
      // Browsers themselves send again what was lost on a connection that was not new.
      let isLost = true;
      refreshesWith(() => (isLost ? 'cut' : 'pass'));
      expect(await tab.ask(3)).toEqual(['unavailable', 'unavailable', 'unavailable']);
      expect(await tab.snapshot()).toMatchObject({ status: 'unavailable', user: { email: scene.user.email } });
      isLost = false;
      scene.clock.advance(seconds);
      await tab.page.clock.runFor(seconds * 1000 + 3600);
      expect(await tab.becomes('signed-in')).toMatchObject({ user: { email: scene.user.email } });
      expect(await tab.ask(2)).toEqual([200, 200]);
    },
  );

  it.each([
    ['after two hours of sleep', 7200],
    ['when its clock is put forward a day', 86_400],
  ])('a device renews once %s', async (_when, seconds) => {
    const tab = await withClock();
    expect(await tab.ask()).toEqual([200]);
    scene.site.forget();
    await tab.page.clock.setSystemTime(Date.now() + seconds * 1000);
    expect(await tab.ask(10)).toEqual(Array(10).fill(200));
    expect(scene.site.count(REFRESH)).toBe(1);
  });

  it.each([-86_400, 86_400])(
    'a device whose clock is wrong by %s s is never taken for too late or too early',
    async (seconds) => {
      const [tab] = await scene.signedIn(1, 'split');
      await tab.page.clock.install({ time: Date.now() + seconds * 1000 });
      await tab.page.reload();
      await tab.begin('split');
      scene.site.forget();
      expect(await tab.ask(5)).toEqual(Array(5).fill(200));
      await tab.page.clock.setSystemTime(Date.now());
      expect(await tab.ask(5)).toEqual(Array(5).fill(200));
      expect(scene.site.count(REFRESH)).toBeLessThanOrEqual(1);
      scene.expire();
      expect(await tab.ask(5)).toEqual(Array(5).fill(200));
      expect(scene.site.count(REFRESH)).toBe(1);
    },
  );

  it('ten minutes offline with calls sign nobody out and are at most twelve tries', async () => {
    const tab = await withClock();
    // The shortest pauses that can be drawn.
    await tab.page.evaluate('Math.random = () => 0');
    refreshesWith(() => 'drop');
    for (let minute = 0; minute < 10; minute++) {
      await tab.ask(3);
      await tab.page.clock.runFor(60_000);
    }
    expect(await tab.snapshot()).toMatchObject({ status: 'unavailable', user: { email: scene.user.email } });
    expect(scene.site.count(REFRESH)).toBeLessThanOrEqual(12);
    scene.site.fate = () => 'pass';
    await tab.page.evaluate(`window.dispatchEvent(new Event('online'))`);
    await tab.becomes('signed-in');
    expect(await tab.ask(2)).toEqual([200, 200]);
  });

  it.each([
    [503, 'unavailable'],
    [429, 'rate_limited'],
  ])('a %s to a refresh is waited out, and the session is back by itself', async (status, code) => {
    const tab = await withClock();
    refreshesWith((count) => (count === 1 ? { status, code, headers: { 'retry-after': '5' } } : 'pass'));
    // From here on no time passes but what the test lets pass.
    await tab.page.clock.pauseAt(Date.now() + 60_000);
    expect(await tab.ask(2)).toEqual(['unavailable', 'unavailable']);
    expect(await tab.snapshot()).toMatchObject({ status: 'unavailable', reason: code });
    await tab.page.clock.runFor(4_900);
    await tab.ask(2);
    expect(scene.site.count(REFRESH)).toBe(1);
    await tab.page.clock.runFor(5_200);
    await tab.becomes('signed-in');
    expect(scene.site.count(REFRESH)).toBe(2);
  });

  it('a wrong password or code starts no refresh', async () => {
    const [tab] = await scene.signedIn(1, 'split');
    const code = (call: string) => tab.run(`(${call}).then((got) => (got.problem ?? got).code)`);
    expect(await code(`client.stepUp({ code: 'step_up_required' }, { password: 'wrong horse' })`)).toBe(
      'invalid_credentials',
    );
    expect(
      await code(
        `routes(client).post('/auth/password/change', { body: { currentPassword: 'wrong', newPassword: 'seventeen quiet otters' } })`,
      ),
    ).toBe('invalid_credentials');
    expect(scene.site.count(REFRESH)).toBe(0);
    expect(await tab.snapshot()).toMatchObject({ status: 'signed-in' });
  });
});
