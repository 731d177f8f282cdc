import type { ArgumentsHost, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { AuthGuard } from '../../src/access/auth.guard.js';
import type { HttpReply, HttpRequest } from '../../src/edge/http-exchange.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootEdge, ORIGIN } from './boot-edge.js';
import { adapterOf, graphqlModule, SERVERS, ShopResolver } from './graphql-host.js';

const ask = (client: TestClient, query: string, headers?: Record<string, string>) =>
  client.post('/graphql', { query }, headers);

const codesIn = (body: { errors?: { extensions: { code: string } }[] }) =>
  (body.errors ?? []).map(({ extensions }) => extensions.code);

describe.each(SERVERS)('%s', (server) => {
  let app: AuthTestApp;

  beforeAll(async () => {
    app = await bootEdge({
      adapter: adapterOf(server),
      imports: [graphqlModule(server)],
      parts: [ShopResolver],
      options: { authStrategies: ['session', 'jwt', 'api-key'] },
    });
  });

  afterAll(() => app.close());

  it.each(['session', 'jwt'])('a resolver sees who is logged in by %s', async (strategy) => {
    const ada = await app.logIn({ strategy });
    const { body } = await ask(ada, '{ me { user by strategy ip } mySession { session } }');
    expect(body).toEqual({
      data: {
        me: { user: ada.userId, by: 'session', strategy, ip: '127.0.0.1' },
        mySession: { session: ada.sessionId },
      },
    });
  });

  it('a refusal is a GraphQL error with our code, and tells no reason', async () => {
    const { body, headers } = await ask(app.client(), '{ perhaps { user } open { user by } }');
    expect(body.data).toEqual({ perhaps: null, open: { user: null, by: null } });
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: 'This route requires a valid session, token, API key or certificate.',
        path: ['perhaps'],
        extensions: expect.objectContaining({ code: 'unauthenticated', status: 401 }),
      }),
    ]);
    expect(JSON.stringify(body)).not.toMatch(/no_ticket|auth\.guard/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('the HTTP status is the server’s own choice', async () => {
    const { status, body } = await ask(app.client(), '{ me { user } }');
    expect(codesIn(body)).toEqual(['unauthenticated']);
    expect(status).toBe(server.startsWith('mercurius') ? 401 : 200);
  });

  it('an open field shows no user, also beside a closed one', async () => {
    const ada = await app.logIn();
    const { body } = await ask(ada, '{ me { user } open { user by } }');
    expect(body).toEqual({ data: { me: { user: ada.userId }, open: { user: null, by: null } } });
  });

  it.each([
    ['boss', 'forbidden'],
    ['onlyJwt', 'unauthenticated'],
    ['fresh', 'step_up_required'],
  ])('%s is refused as %s to whom it is not for', async (field, code) => {
    const ada = await app.logIn({ strategy: 'session' });
    app.clock.advance(61);
    const { body } = await ask(ada, `{ ${field} { user } }`);
    expect(codesIn(body)).toEqual([code]);
    if (code === 'step_up_required') expect(body.errors[0].extensions.stepUp).toEqual({ maxAgeSeconds: 60, amr: [] });
  });

  it('and passes to whom it is for', async () => {
    const ada = await app.logIn({ strategy: 'jwt', changes: { roles: ['boss'] } });
    const { body } = await ask(ada, '{ boss { user } onlyJwt { user } fresh { user } }');
    const seen = { user: ada.userId };
    expect(body).toEqual({ data: { boss: seen, onlyJwt: seen, fresh: seen } });
  });

  it('a logout ends it at the next operation', async () => {
    const ada = await app.logIn();
    const thief = ada.copy();
    await ada.post('/auth/logout');
    expect(codesIn((await ask(thief, '{ me { user } }')).body)).toEqual(['session_ended']);
  });

  it('two different tickets are refused, and one in the URL is none', async () => {
    const [ada, bob] = [await app.logIn({ strategy: 'session' }), await app.logIn({ strategy: 'jwt' })];
    const both = await ask(ada, '{ me { user } }', { authorization: `Bearer ${bob.accessToken}` });
    expect(codesIn(both.body)).toEqual(['unauthenticated']);
    const query = '{ me { user } }';
    const url = `/graphql?access_token=${bob.accessToken}&token=${bob.accessToken}`;
    const inUrl = await app.client().post(url, { query });
    expect(codesIn(inUrl.body)).toEqual(['unauthenticated']);
  });

  it('refuses pages of other origins whatever the method, for cookies alone', async () => {
    const ada = await app.logIn({ strategy: 'session' });
    const shop = app.app.get(ShopResolver);
    const before = shop.written;
    for (const origin of ['https://evil.example', 'http://sub.localhost:3000']) {
      const posted = await ask(ada, 'mutation { write { user } }', { origin });
      expect(codesIn(posted.body)).toEqual(['csrf_rejected']);
      const params = `query=${encodeURIComponent('mutation { write { user } }')}`;
      const got = await ada.get(`/graphql?${params}`, { origin, 'apollo-require-preflight': '1' });
      expect(got.text).not.toContain(ada.userId);
    }
    expect(shop.written).toBe(before);
    expect((await ask(ada, 'mutation { write { user } }', { origin: ORIGIN })).body.data.write.user).toBe(ada.userId);
    const bob = await app.logIn({ strategy: 'jwt' });
    const far = await ask(bob, 'mutation { write { user } }', { origin: 'https://evil.example' });
    expect(far.body.data.write.user).toBe(bob.userId);
    expect(shop.written).toBe(before + 2);
  });

  it('limits count fields: neither aliases nor batches gain anything', async () => {
    const aliases = Array.from({ length: 6 }, (_, i) => `a${i}: limited { user }`).join(' ');
    const { body } = await ask(app.client(), `{ ${aliases} }`).then((reply) => reply);
    expect(codesIn(body)).toEqual(['rate_limited', 'rate_limited', 'rate_limited']);
    expect(body.errors[0].extensions.retryAfterSeconds).toBeGreaterThan(0);
    app.clock.advance(61);
    const byMail = 'a: limited(email: "Ada@example.com") { user } b: limited(email: "ada@example.com") { user }';
    const mails = await ask(app.client(), `{ ${byMail} c: limited(email: "ada@example.com") { user } }`);
    expect(codesIn(mails.body)).toEqual(['rate_limited']);
    app.clock.advance(61);
    if (server.startsWith('mercurius')) return;
    const batch = Array.from({ length: 5 }, () => ({ query: '{ limited { user } }' }));
    const { body: replies } = await app.client().post('/graphql', batch);
    expect(replies.flatMap(codesIn)).toEqual(['rate_limited', 'rate_limited']);
    app.clock.advance(61);
  });

  it('an API key needs the scopes, and is counted once a field', async () => {
    const ada = await app.logIn({ strategy: 'session', changes: { roles: ['admin'] } });
    const service = await ada.post('/admin/users', { kind: 'service', name: 'shop' }, { origin: ORIGIN });
    const path = `/admin/users/${service.body.id}/api-keys`;
    const limits = { rateLimit: 3, rateLimitWindowSeconds: 60 };
    const made = await ada.post(path, { name: 'k', scopes: ['shop:read'], ...limits }, { origin: ORIGIN });
    expect(made.status).toBe(201);
    const machine = app.client({ authorization: `Bearer ${made.body.apiKey}` });
    // Who is refused has used nothing up.
    expect(codesIn((await ask(machine, '{ perhaps { user } }')).body)).toEqual(['forbidden']);
    const aliases = ['a', 'b', 'c', 'd'].map((alias) => `${alias}: machine { user }`).join(' ');
    const { body } = await ask(machine, `{ ${aliases} }`);
    expect(codesIn(body)).toEqual(['rate_limited']);
    expect(Object.values(body.data).filter((seen) => seen !== null)).toHaveLength(3);
  });
});

describe('a GraphQL context without the request', () => {
  @Injectable()
  class OtherGuard extends AuthGuard {
    protected override requestOf(context: ExecutionContext): HttpRequest {
      if (context.getType<string>() !== 'graphql') return super.requestOf(context);
      return context.getArgByIndex<{ hidden: { request: HttpRequest } }>(2).hidden.request;
    }

    protected override replyOf(context: ArgumentsHost): HttpReply | undefined {
      if (context.getType<string>() !== 'graphql') return super.replyOf(context);
      return context.getArgByIndex<{ hidden: { reply: HttpReply } }>(2).hidden.reply;
    }
  }

  const context = (given: { req: HttpRequest; res: HttpReply }) => ({
    req: { odd: true },
    hidden: { request: given.req, reply: given.res },
  });

  it('is refused without a word to whom it belongs', async () => {
    const app = await bootEdge({ imports: [graphqlModule('apollo on express', { context })], parts: [ShopResolver] });
    const ada = await app.logIn();
    const { body } = await ask(ada, '{ me { user } }');
    expect(codesIn(body)).toEqual(['forbidden']);
    await app.close();
  });

  it('is found by the guard of the host, and then by everything', async () => {
    const app = await bootEdge({
      imports: [graphqlModule('apollo on express', { context })],
      parts: [ShopResolver],
      options: { providers: [{ provide: AuthGuard, useClass: OtherGuard }] },
    });
    const ada = await app.logIn();
    const { body, headers } = await ask(ada, '{ me { user ip } boss { user } }');
    expect(codesIn(body)).toEqual(['forbidden']);
    expect(headers.get('x-request-id')).toBe(body.errors[0].extensions.requestId);
    const seen = await ask(ada, '{ me { user ip } }');
    expect(seen.body.data.me).toEqual({ user: ada.userId, ip: '127.0.0.1' });
    await app.close();
  });
});
