import type { NestExpressApplication } from '@nestjs/platform-express';
import { DatabaseProxy } from '../database-proxy.js';
import { freshDatabase } from '../real-postgres.js';
import { API, OAuthNode, pkce } from './oauth-node.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('how often the provider may be asked', () => {
  let node: OAuthNode;
  beforeAll(async () => {
    // A fifth of the usual limits, for quickness.
    node = await OAuthNode.start({
      options: { loginAttempts: 1, oauthRegistration: 'open', mailPollSeconds: 3600 },
      adapter: 'express',
      // Whoever a test says that it is.
      configure: (host) => void (host as NestExpressApplication).set('trust proxy', 'loopback'),
    });
  });
  afterAll(() => node?.close());

  it('is 12 failed proofs of clients a minute, whichever clients, and of right ones as many as there are', async () => {
    const client = await node.client();
    const fields = { grant_type: 'refresh_token', refresh_token: 'a'.repeat(43) };
    for (let i = 0; i < 20; i += 1) expect((await node.token(client, fields)).body.error).toBe('invalid_grant');
    const statuses = [];
    for (let i = 0; i < 14; i += 1) {
      const { status } = await node.token(
        { ...client, id: i % 2 ? client.id : `client-${i}`, secret: 'wrong' },
        fields,
      );
      statuses.push(status);
    }
    expect(statuses).toEqual([...Array(12).fill(401), 429, 429]);
    const refused = await node.token(client, fields);
    expect([refused.status, refused.body.error, Number(refused.headers.get('retry-after')) > 0]).toEqual([
      429,
      'slow_down',
      true,
    ]);
    node.app.clock.advance(61);
    expect((await node.token(client, fields)).status).toBe(400);
  });

  const REFRESH = { grant_type: 'refresh_token', refresh_token: 'a'.repeat(43) };
  const from = (network: string) => ({ 'x-forwarded-for': network });

  it('is no bound for right proofs at once, nor counts what the provider could not serve', async () => {
    const client = await node.client();
    const atOnce = () => Promise.all(Array.from({ length: 40 }, () => node.token(client, REFRESH, from('192.0.2.1'))));
    expect((await atOnce()).map(({ status }) => status)).toEqual(Array(40).fill(400));
    const { dataSource } = node;
    const query = dataSource.query.bind(dataSource);
    dataSource.query = (async (sql: string, ...given: never[]) => {
      if (sql.includes('oauth_artifacts'))
        throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED', syscall: 'connect' });
      return query(sql, ...given);
    }) as typeof dataSource.query;
    expect((await atOnce()).map(({ status }) => status)).toEqual(Array(40).fill(503));
    dataSource.query = query;
    expect((await node.token(client, REFRESH, from('192.0.2.1'))).status).toBe(400);
  });

  it('is the failed proofs of one network: wrong ones at once are bounded soon, and refuse no right one of another', async () => {
    const client = await node.client();
    const wrong = { ...client, secret: 'wrong' };
    const guess = (network: string) => node.token(wrong, REFRESH, from(network));
    const flood = Promise.all(Array.from({ length: 60 }, (_, i) => guess(`192.0.2.${10 + (i % 2)}`)));
    const right = Promise.all(Array.from({ length: 30 }, () => node.token(client, REFRESH, from('198.51.100.7'))));
    expect((await right).map(({ status }) => status)).toEqual(Array(30).fill(400));
    await flood;
    expect([(await guess('192.0.2.10')).status, (await guess('192.0.2.11')).status]).toEqual([429, 429]);
    expect((await node.token(client, REFRESH, from('192.0.2.10'))).status).toBe(429);
    expect((await node.token(client, REFRESH, from('198.51.100.7'))).status).toBe(400);
    node.app.clock.advance(61);
  });

  it('is 600 looks at users a minute from one network, good or not', async () => {
    const ada = await node.logIn();
    const { access_token } = await node.tokens(ada, await node.client());
    const look = (network: string, token = access_token) =>
      node.browser().get('/oauth/userinfo', { authorization: `Bearer ${token}`, ...from(network) });
    for (let n = 0; n < 12; n += 1) {
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, i) => look('192.0.2.20', i % 2 === 0 ? access_token : 'a'.repeat(44))),
      );
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 401]));
    }
    const refused = await look('192.0.2.20');
    expect([refused.status, refused.body.error, Number(refused.headers.get('retry-after')) > 0]).toEqual([
      429,
      'slow_down',
      true,
    ]);
    expect((await look('192.0.2.21')).status).toBe(200);
    node.app.clock.advance(61);
    expect((await look('192.0.2.20')).status).toBe(200);
  });

  it('is 12 pages a minute, under whichever spelling of their path', async () => {
    const paths = ['/oauth/device', '/OAUTH/Device', '/oauth/device/', '/oauth/logout'];
    const statuses = [];
    for (let i = 0; i < 13; i += 1) statuses.push((await node.browser().get(paths[i % 4]!)).status);
    expect([statuses.slice(0, 12).every((status) => status < 429), statuses[12]]).toEqual([true, 429]);
    expect((await node.browser().get('/.well-known/openid-configuration')).status).toBe(200);
    node.app.clock.advance(61);
  });

  it('is 4 registrations an hour', async () => {
    const body = JSON.stringify({ redirect_uris: ['https://x.example/cb'], token_endpoint_auth_method: 'none' });
    const statuses = [];
    for (let i = 0; i < 5; i += 1)
      statuses.push((await node.browser().post('/oauth/register', JSON.parse(body))).status);
    expect(statuses).toEqual([201, 201, 201, 201, 429]);
  });

  it('is two wrong user codes by a session, and then no right one either', async () => {
    const grantTypes = ['urn:ietf:params:oauth:grant-type:device_code'];
    const device = await node.client({ type: 'public', grantTypes, redirectUris: [] });
    const { body } = await node.form('/oauth/device/authorize', { scope: 'openid' }, device);
    const browser = node.here(await node.logIn());
    const enter = async (code: string) => {
      const { text } = await browser.get('/oauth/device');
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(text)?.[1];
      return browser.request('POST', '/oauth/device', `xsrf=${xsrf}&user_code=${code}`, FORM);
    };
    expect((await enter(body.user_code)).text).toContain(body.user_code);
    for (const code of ['WRNG-WRNG', 'WRNG-WRNH']) await enter(code);
    const refused = await enter(body.user_code);
    expect([refused.status, refused.text.includes('name="confirm"')]).toEqual([429, false]);
    expect(refused.text).toContain('There were too many wrong codes. Wait a while, then try again.');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const another = node.here(await node.logIn());
    const { text } = await another.get('/oauth/device');
    const form = `xsrf=${/name="xsrf" value="([^"]+)"/.exec(text)?.[1]}&user_code=${body.user_code}`;
    expect((await another.request('POST', '/oauth/device', form, FORM)).text).toContain('name="confirm"');
    node.app.clock.advance(901);
    expect((await enter(body.user_code)).text).not.toContain('too many wrong codes');
  });
});

describe('while the database is out of reach', () => {
  it('the provider says so in OAuth’s form, with Retry-After, and goes on afterwards', async () => {
    const database = await freshDatabase();
    const proxy = new DatabaseProxy(new URL(database.url));
    const node = await OAuthNode.start({ options: { databaseUrl: await proxy.open(), mailPollSeconds: 3600 } });
    try {
      await node.resource(API);
      const client = await node.client();
      const ada = await node.logIn();
      const tokens = await node.tokens(ada, client);
      const code = await node.code(ada, client);
      proxy.cut();
      const posts = [
        () => node.exchange(client, code),
        () => node.refresh(client, tokens.refresh_token!),
        () => node.introspect(client, tokens.access_token),
        () => node.form('/oauth/revoke', { token: tokens.refresh_token! }, client),
        () => node.form('/oauth/par', { response_type: 'code', client_id: client.id }, client),
        () => node.userinfo(tokens.access_token),
      ];
      for (const post of posts) {
        const { status, body, headers } = await post();
        // What needs no store may still be answered: a pushed request without what it must have is a bad one.
        if (status === 400) continue;
        expect([status, body.error, Number(headers.get('retry-after')) > 0]).toEqual([
          503,
          'temporarily_unavailable',
          true,
        ]);
      }
      const { status } = await node.here(ada).get(node.authorizeUrl(client, pkce()));
      expect([303, 503]).toContain(status);
      proxy.mend();
      const deadline = Date.now() + 60_000;
      let last = 0;
      while (last !== 200 && Date.now() < deadline) {
        last = (await node.exchange(client, code)).status;
        if (last !== 200) await new Promise((resolve) => setTimeout(resolve, 200));
      }
      expect(last).toBe(200);
    } finally {
      await node.close();
      proxy.close();
      await database.drop();
    }
  });

  it('so it does where a statement fails in the middle of a request, whatever the statement says', async () => {
    const node = await OAuthNode.start({ options: { mailPollSeconds: 3600 } });
    const client = await node.client();
    const ada = await node.logIn();
    const tokens = await node.tokens(ada, client);
    const code = await node.code(ada, client);
    const { dataSource } = node;
    const query = dataSource.query.bind(dataSource);
    const asks = [
      () => node.exchange(client, code),
      () => node.refresh(client, tokens.refresh_token!),
      () => node.introspect(client, tokens.access_token),
      () => node.form('/oauth/revoke', { token: tokens.refresh_token! }, client),
      () => node.userinfo(tokens.access_token),
    ];
    const failWith = (error: object) => {
      dataSource.query = (async (sql: string, ...given: never[]) => {
        if (sql.includes('oauth_artifacts')) throw Object.assign(new Error('secret of the statement'), error);
        return query(sql, ...given);
      }) as typeof dataSource.query;
    };
    const answers = async () => {
      const all = [];
      for (const ask of asks) {
        const { status, body, text } = await ask();
        expect(text).not.toContain('secret of');
        all.push([status, body.error]);
      }
      return all;
    };
    failWith({ code: 'ECONNREFUSED', syscall: 'connect' });
    expect(await answers()).toEqual(asks.map(() => [503, 'temporarily_unavailable']));
    dataSource.query = query;
    expect((await node.exchange(client, code)).status).toBe(200);
    await node.close();
  });
});
