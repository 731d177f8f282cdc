import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import type { Upstream } from '../../src/factors/federated/upstreams/upstream.js';
import { TestClient } from '../../src/testing/index.js';
import { newFlow, refusalOf, upstreamFor } from './upstream-flow.js';

const CLIENT = { clientId: 'coatcheck', clientSecret: 'a-secret-of-at-least-thirty-two-characters' };

/** A provider that was not written here, as upstream: its own pages log in. */
describe.each(['client_secret_basic', 'client_secret_post'] as const)('oidc-provider, with %s', (method) => {
  let server: Server;
  let issuer: string;
  let provider: Provider;
  let upstream: Upstream;
  const logoutTokens: string[] = [];

  beforeAll(async () => {
    // It tells at length that this is a trial.
    for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockImplementation(() => undefined);
    server = createServer((request, response) => {
      if (request.url !== '/backchannel') return void provider.callback()(request, response);
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        logoutTokens.push(new URLSearchParams(body).get('logout_token')!);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    provider = new Provider(issuer, {
      clients: [
        {
          ...{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, token_endpoint_auth_method: method },
          ...{ redirect_uris: [newFlow().redirectUri], grant_types: ['authorization_code', 'refresh_token'] },
          backchannel_logout_uri: `${issuer}/backchannel`,
          backchannel_logout_session_required: true,
        },
      ],
      clientAuthMethods: [method],
      claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: (_ctx, accountId) => ({
        accountId,
        claims: () => ({ sub: accountId, email: `${accountId}@outside.example`, email_verified: true, name: 'Ada' }),
      }),
      features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
      cookies: { keys: ['tests only'] },
      issueRefreshToken: async () => true,
      rotateRefreshToken: true,
      // Without its own guard, which refuses this machine.
      fetch: (url, { method, headers, body } = {}) => fetch(url, { method, headers, body } as RequestInit),
    });
    upstream = upstreamFor({ issuer, ...CLIENT });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  /** The user at the provider's own pages: logs in, agrees, and is sent back. */
  async function answerOf(user: string, url: URL): Promise<URL> {
    const browser = new TestClient(issuer);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    let reply = await browser.get(url.pathname + url.search);
    for (let step = 0; step < 12; step++) {
      const location = reply.headers.get('location');
      if (location?.startsWith('https://')) return new URL(location);
      if (location !== null) {
        const next = new URL(location, issuer);
        reply = await browser.get(next.pathname + next.search);
        continue;
      }
      const prompt = /name="prompt" value="(\w+)"/.exec(reply.text)?.[1];
      const action = /action="([^"]+)"/.exec(reply.text)?.[1];
      if (!prompt || !action) throw new Error(reply.text);
      reply = await browser.post(new URL(action, issuer).pathname, `prompt=${prompt}&login=${user}&password=x`, form);
    }
    throw new Error('the provider sends the browser around');
  }

  async function loginAs(user: string) {
    const flow = newFlow();
    return upstream.complete(
      await answerOf(user, await upstream.authorizationUrl({ ...flow, purpose: 'login' })),
      flow,
    );
  }

  it('logs in, with the address and the name that its userinfo says', async () => {
    const { identity, token } = await loginAs('ada');
    expect(identity).toMatchObject({
      ...{ issuer, subject: 'ada', email: 'ada@outside.example', emailVerified: true, name: 'Ada' },
      sessionId: expect.any(String),
    });
    expect(token).not.toBeNull();
  });

  it('says when the user proved their identity anew, where it was asked to', async () => {
    const flow = newFlow();
    const url = await upstream.authorizationUrl({ ...flow, purpose: 'link' });
    const { identity } = await upstream.complete(await answerOf('ada', url), flow);
    expect(Math.abs(identity.authenticatedAt!.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('is looked at again and again, and its end is noticed', async () => {
    let token = (await loginAs('ada')).token!;
    for (let i = 0; i < 3; i++) {
      const found = await upstream.check(token);
      expect(found.outcome).toBe('live');
      token = (found as { token: string }).token;
    }
    const { refreshToken } = JSON.parse(token);
    const stored = await provider.RefreshToken.find(refreshToken);
    await (await provider.Grant.find(stored!.grantId!))!.destroy();
    expect((await upstream.check(token)).outcome).toBe('revoked');
  });

  it('posts logout tokens that can be read', async () => {
    const { identity } = await loginAs('ada');
    const client = await provider.Client.find(CLIENT.clientId);
    const logout = client as unknown as { backchannelLogout(sub: string, sid: string): Promise<void> };
    await logout.backchannelLogout('ada', identity.sessionId!);
    const read = await upstream.readLogout(logoutTokens.at(-1)!);
    expect(read).toMatchObject({ issuer, subject: 'ada', sessionId: identity.sessionId });
  });

  it('refuses a code of another flow', async () => {
    const [one, other] = [newFlow(), newFlow()];
    const answer = await answerOf('ada', await upstream.authorizationUrl({ ...one, purpose: 'login' }));
    const mixed = { ...one, codeVerifier: other.codeVerifier };
    const refusal = await refusalOf(upstream.complete(answer, mixed));
    expect(refusal).toEqual(['invalid_credentials', 'provider_refused_code:invalid_grant']);
  });
});
