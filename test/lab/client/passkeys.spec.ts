import { VirtualAuthenticator } from '../../browser/virtual-authenticator.js';
import { Tab } from '../../client/page-under-test.js';
import { inScene } from './scene.js';

/** Browsers of before 2025 read and write no JSON by themselves. */
const OLD_BROWSER = `
delete PublicKeyCredential.parseCreationOptionsFromJSON;
delete PublicKeyCredential.parseRequestOptionsFromJSON;
delete PublicKeyCredential.prototype.toJSON;
`;
const REFRESH = 'POST /auth/refresh';
/** What it comes to, without the parts that differ each time. */
const outcome = (call: string) =>
  `(${call}).then(({ status, user, problem }) => [status, user?.email ?? problem?.code ?? null])`;

inScene('passkeys of a page', (scene) => {
  /** A tab of a device, in which the user is signed in. */
  const onDevice = async (transport: 'session' | 'split'): Promise<[Tab, VirtualAuthenticator]> => {
    const [tab] = await scene.signedIn(1, transport);
    return [tab, await VirtualAuthenticator.plugInto(tab.page)];
  };
  const credentials = () => ({ email: scene.user.email, password: scene.user.password });
  const register = (tab: Tab) => tab.run(`passkeys(client).register('Phone', given)`, scene.user.password);

  describe.each(['session', 'split'] as const)('by %s', (transport) => {
    it.each([
      ['a browser of today', ''],
      ['a browser that reads no JSON', OLD_BROWSER],
    ])('are made and logged in with: %s', async (_browser, script) => {
      if (script) await scene.context.addInitScript(script);
      const [tab, device] = await onDevice(transport);
      const made = await register(tab);
      expect(made).toMatchObject({ status: 'registered', passkey: { name: 'Phone' } });
      expect(Object.keys(made.passkey).filter((name) => /token/i.test(name))).toEqual([]);
      const [credential] = await device.credentials();
      expect(credential).toMatchObject({ rpId: 'localhost', isResidentCredential: true });
      // The session is another one since, and its tickets are the client's already.
      scene.site.forget();
      expect(await tab.ask(2)).toEqual([200, 200]);
      expect(scene.site.count(REFRESH)).toBe(0);
      expect(await tab.run('client.logout()')).toEqual({ status: 'signed-out' });
      const other = await Tab.with(scene.context, scene.site.origin, transport);
      expect(await tab.run(outcome('passkeys(client).logIn()'))).toEqual(['authenticated', scene.user.email]);
      expect(await tab.ask(2)).toEqual([200, 200]);
      expect(await other.becomes('signed-in')).toMatchObject({ user: { email: scene.user.email } });
      expect(await other.ask()).toEqual([200]);
    });
  });

  it.each(['session', 'split'] as const)(
    'prove the second factor of a login by password, and the user again later (%s)',
    async (transport) => {
      const [tab] = await onDevice(transport);
      await register(tab);
      await tab.run('client.logout()');
      const begun = await tab.run<{ loginToken: string }>('client.login(given)', credentials());
      expect(begun).toMatchObject({ status: 'factor_required', factors: expect.arrayContaining(['passkey']) });
      expect(await tab.snapshot()).toMatchObject({ status: 'signed-out' });
      const prove = `passkeys(client).logIn({ loginToken: ${JSON.stringify(begun.loginToken)} })`;
      expect(await tab.run(outcome(prove))).toEqual(['authenticated', scene.user.email]);
      expect(await tab.snapshot()).toMatchObject({ status: 'signed-in', user: { email: scene.user.email } });
      const { session } = await tab.snapshot();
      expect(await tab.run(outcome('passkeys(client).stepUp()'))).toEqual(['authenticated', scene.user.email]);
      expect((await tab.snapshot()).session!.id).not.toBe(session!.id);
      expect(await tab.ask(2)).toEqual([200, 200]);
    },
  );

  it('that the device has already, or whose user is not there, are declined: no error, and nobody is signed in or out', async () => {
    const [tab, device] = await onDevice('session');
    await register(tab);
    expect(await tab.run(outcome(`passkeys(client).register('Again')`))).toEqual(['declined', null]);
    expect(await device.credentials()).toHaveLength(1);
    await tab.run('client.logout()');
    await device.verifiesUser(false);
    scene.site.forget();
    expect(await tab.run(outcome('passkeys(client).logIn()'))).toEqual(['declined', null]);
    expect(scene.site.asked).toEqual(['POST /auth/login/passkey/options']);
    expect(await tab.snapshot()).toMatchObject({ status: 'signed-out', reason: 'logout' });
  });

  it('are offered in the field until the page takes the offer back', async () => {
    const [tab, device] = await onDevice('session');
    await register(tab);
    await tab.run('client.logout()');
    await device.clear();
    await tab.run(`void (globalThis.leaving = new AbortController(), globalThis.offered =
      passkeys(client).logIn({ autofill: true, signal: leaving.signal }).then(({ status }) => status))`);
    await new Promise<void>((asked) => {
      const look = () => (scene.site.count('POST /auth/login/passkey/options') ? asked() : setTimeout(look, 20));
      look();
    });
    await tab.run('leaving.abort()');
    expect(await tab.run('offered')).toBe('declined');
    expect(await tab.snapshot()).toMatchObject({ status: 'signed-out' });
  });

  it('that the service no longer knows are forgotten by the device, and those that it knows are not', async () => {
    const [tab, device] = await onDevice('session');
    await register(tab);
    const { user } = await tab.snapshot();
    await tab.run('passkeys(client).signal()');
    expect(await device.credentials()).toHaveLength(1);
    const admin = await scene.app.actAs({ roles: ['admin'] });
    expect((await admin.post(`/admin/users/${user!.id}/factor-reset`)).status).toBe(204);
    expect(await tab.logIn(scene.user)).toMatchObject({ status: 'authenticated' });
    expect(await device.credentials()).toHaveLength(1);
    await tab.run('passkeys(client).signal()');
    while ((await device.credentials()).length > 0) await new Promise((look) => setTimeout(look, 50));
  });
});
