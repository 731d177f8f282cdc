import { BackChannelLogout } from '../../src/oauth/logout/back-channel-logout.js';
import { LogoutReceiver } from './logout-receiver.js';
import { claimsOf, OAuthNode } from './oauth-node.js';

describe('clients that users were logged in to', () => {
  let node: OAuthNode;
  let other: OAuthNode;
  let receiver: LogoutReceiver;
  beforeAll(async () => {
    node = await OAuthNode.start();
    other = await node.another();
    receiver = await LogoutReceiver.start(node.app);
  });
  afterEach(() => {
    receiver.told.length = 0;
  });
  afterAll(async () => {
    await receiver.stop();
    await other.close();
    await node.close();
  });

  const deliver = async () => {
    for (const { app } of [node, other]) await app.app.get(BackChannelLogout, { strict: false }).deliverDue();
  };
  const told = () => receiver.told.map(({ claims: { aud, sub, sid } }) => ({ aud, sub, sid }));
  const byClient = (one: { aud?: unknown }, another: { aud?: unknown }) =>
    String(one.aud) < String(another.aud) ? -1 : 1;

  it('are told by the sid of their ID tokens, six that were entered at once, and after a step-up; their tokens are refused before', async () => {
    const user = await node.app.logIn({ strategy: 'session' });
    const clients = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        node.client({
          backchannelLogoutUri: receiver.uri,
          idTokenSignedResponseAlg: i === 0 ? 'RS256' : 'ES256',
        }),
      ),
    );
    const tokens = await Promise.all(clients.map((client, i) => [node, other][i % 2]!.tokens(user, client)));
    const expected = tokens.map(({ id_token }) => {
      const { aud, sub, sid } = claimsOf(id_token!);
      return { aud, sub, sid };
    });
    expect((await user.post('/auth/step-up', { password: user.password })).status).toBe(200);
    const renewed = await Promise.all(tokens.map(({ refresh_token }, i) => other.refresh(clients[i]!, refresh_token!)));
    expect(renewed.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    // Entered again, each knows the session by the same name.
    const again = claimsOf((await other.tokens(user, clients[1]!)).id_token!);
    expect(again.sid).toBe(expected[1]!.sid);
    await deliver();
    expect(told()).toEqual([]);
    expect((await user.post('/auth/logout')).status).toBe(204);
    const refused = await Promise.all(
      renewed.flatMap(({ body }, i) => [
        node.refresh(clients[i]!, body.refresh_token),
        other.userinfo(body.access_token),
      ]),
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([400, 401]));
    await deliver();
    expect(told().sort(byClient)).toEqual(expected.sort(byClient));
    const algorithms = new Map(receiver.told.map(({ claims, header }) => [claims.aud, header.alg]));
    expect(clients.map(({ id }) => algorithms.get(id))).toEqual(['RS256', 'ES256', 'ES256', 'ES256', 'ES256', 'ES256']);
  });

  it('are told when another client logs the user out', async () => {
    const user = await node.app.logIn({ strategy: 'session' });
    const [one, asking] = [
      await node.client({ backchannelLogoutUri: receiver.uri }),
      await node.client({
        backchannelLogoutUri: receiver.uri,
        postLogoutRedirectUris: ['https://app.example.com/bye'],
      }),
    ];
    const [tokens, own] = [await node.tokens(user, one), await node.tokens(user, asking)];
    const browser = node.here(user);
    const query = new URLSearchParams({
      id_token_hint: own.id_token!,
      post_logout_redirect_uri: 'https://app.example.com/bye',
    });
    const page = await browser.get(`/oauth/logout?${query}`);
    expect(page.status).toBe(200);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1];
    expect(xsrf).toBeDefined();
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const gone = await browser.request(
      'POST',
      '/oauth/logout/confirm',
      new URLSearchParams({ xsrf: xsrf!, logout: 'yes' }).toString(),
      form,
    );
    expect([gone.status, gone.headers.get('location')]).toEqual([303, 'https://app.example.com/bye']);
    expect((await other.refresh(one, tokens.refresh_token ?? '')).status).toBe(400);
    await deliver();
    expect(
      told()
        .map(({ aud }) => aud)
        .sort(),
    ).toEqual([one.id, asking.id].sort());
  });

  it('go on by themselves where they were allowed to, and are told all the same', async () => {
    const user = await node.app.logIn({ strategy: 'session' });
    const client = await node.client({ backchannelLogoutUri: receiver.uri });
    const held = await node.tokens(user, client, { scope: 'openid offline_access' });
    await user.post('/auth/logout');
    await deliver();
    expect(told()).toEqual([{ aud: client.id, sub: user.userId, sid: claimsOf(held.id_token!).sid }]);
    expect((await other.refresh(client, held.refresh_token!)).status).toBe(200);
  });
});
