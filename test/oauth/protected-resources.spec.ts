import { Controller, Get } from '@nestjs/common';
import { ProtectedResource } from '../../src/access/protected-resource.decorator.js';
import { Public } from '../../src/access/public.decorator.js';
import { CurrentAuth, Scopes } from '../../src/access/route-decorators.js';
import type { AuthContext } from '../../src/kernel/auth-context.js';
import { OAuthResources } from '../../src/oauth/resources/oauth-resources.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { Granting } from './granting.js';
import { APP_PAGE } from './oauth-node.js';
import { HERE, SignedTokens } from './signed-tokens.js';

@Controller('mcp')
@ProtectedResource('/mcp', { scopes: ['tools:use'], name: 'Tools' })
class ToolsController {
  @Get()
  list(@CurrentAuth() auth: AuthContext) {
    return auth.by === 'session' ? { by: auth.by } : { by: auth.by, scopes: auth.scopes, client: auth.client };
  }

  @Get('admin')
  @Scopes('tools:use', 'tools:admin')
  administer() {
    return {};
  }

  @Get('open')
  @Public()
  open() {
    return {};
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  @Scopes('orders:read')
  list() {
    return [];
  }

  @Get('closed')
  closed() {
    return [];
  }

  /** One route is a resource of its own. */
  @Get('export')
  @ProtectedResource('/orders/export')
  @Scopes('orders:export')
  export() {
    return [];
  }
}

const CONTROLLERS = [ToolsController, OrdersController];
const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

describe.each(['fastify', 'express'] as const)('resources of an application, on %s', (adapter) => {
  let app: AuthTestApp;
  let user: TestUser;
  let tokens: SignedTokens;
  let clientId: string;
  let grantId: string;
  beforeAll(async () => {
    const options = {
      authStrategies: ['session', 'jwt', 'oauth'],
      oauthInteractionUrl: APP_PAGE,
      mailPollSeconds: 3600,
    };
    app = await bootHost({
      adapter,
      options,
      controllers: CONTROLLERS,
      configure: (host) => host.setGlobalPrefix('api'),
    });
    const on = new Granting(app);
    tokens = new SignedTokens(app);
    // Nobody's here: it may ask for every resource.
    clientId = await on.client({
      resources: [`${HERE}/mcp`, HERE, `${HERE}/orders/export`],
      scopes: ['tools:use', 'tools:admin', 'orders:read', 'orders:export'],
    });
    const actor = await app.actAs();
    user = actor as TestUser;
    const sessionId = actor.sessionId;
    const owner = await on.owner(user);
    grantId = (await on.grants.create({ clientId, user: owner, sessionId, payload: {} }))!;
  });
  afterAll(() => app.close());

  const token = (aud: string, scope: string) => tokens.of(grantId, clientId, user.userId, { aud, scope });
  const by = (text: string | null, path: string) =>
    app.client(text === null ? {} : { authorization: `Bearer ${text}` }).get(`/api${path}`);
  const metadata = (path: string) => app.client().get(`/.well-known/oauth-protected-resource${path}`);

  it('describe themselves at the root of the origin, whatever prefix its routes have', async () => {
    const common = { authorization_servers: [HERE], bearer_methods_supported: ['header'] };
    const tools = await metadata('/mcp');
    expect(tools.headers.get('content-type')).toMatch(/^application\/json/);
    expect(tools.headers.get('access-control-allow-origin')).toBe('*');
    expect(tools.body).toMatchObject({
      ...common,
      resource: `${HERE}/mcp`,
      resource_name: 'Tools',
      scopes_supported: ['tools:admin', 'tools:use'],
    });
    expect((await metadata('/orders/export')).body).toMatchObject({
      resource: `${HERE}/orders/export`,
      scopes_supported: ['orders:export'],
    });
    expect((await metadata('')).body).toMatchObject({
      ...common,
      resource: HERE,
      scopes_supported: ['orders:read', 'openid'],
    });
  });

  it('that are none, or are asked for otherwise than by reading, are refused as problem details', async () => {
    for (const path of ['/other', '/mcp/admin', '/MCP', '/mcp/%00', '//mcp', `/${'x'.repeat(2000)}`]) {
      const reply = await metadata(path);
      expect([path, told(reply)]).toEqual([path, expect.stringMatching(/^404 not_found$/)]);
    }
    const posted = await app.client().post('/.well-known/oauth-protected-resource/mcp', {});
    expect([told(posted), posted.headers.get('allow')]).toEqual(['405 method_not_allowed', 'GET, HEAD, OPTIONS']);
    const head = await app.client().request('HEAD', '/.well-known/oauth-protected-resource/mcp');
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it('tell a client that comes without a token where that is, and which scopes to ask for', async () => {
    const challengeOf = async (path: string) => (await by(null, path)).headers.get('www-authenticate');
    expect(await challengeOf('/mcp')).toContain(
      `scope="tools:use", resource_metadata="${HERE}/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(await challengeOf('/orders/export')).toContain(
      `scope="orders:export", resource_metadata="${HERE}/.well-known/oauth-protected-resource/orders/export"`,
    );
    expect(await challengeOf('/orders')).not.toContain('resource_metadata');
  });

  it('take tokens that were issued for them, and no others’', async () => {
    const tools = token(`${HERE}/mcp`, 'tools:use');
    expect((await by(tools, '/mcp')).body).toEqual({
      by: 'oauth',
      scopes: ['tools:use'],
      client: { id: clientId, firstParty: false },
    });
    expect(told(await by(token(HERE, 'orders:read'), '/orders'))).toBe(200);
    expect(told(await by(token(`${HERE}/orders/export`, 'orders:export'), '/orders/export'))).toBe(200);
    expect(told(await by(token(HERE, 'tools:use'), '/mcp'))).toBe('401 unauthenticated');
    expect(told(await by(token(HERE, 'tools:use'), '/MCP'))).not.toBe(200);
    expect(told(await by(tools, '/orders'))).toBe('401 unauthenticated');
    expect(told(await by(token(HERE, 'orders:export'), '/orders/export'))).toBe('401 unauthenticated');
    const refused = await by(token(HERE, 'tools:use'), '/mcp');
    expect(refused.headers.get('www-authenticate')).toMatch(/error="invalid_token".*resource_metadata="/);
    const both = tokens.of(grantId, clientId, user.userId, {
      aud: [HERE, `${HERE}/mcp`],
      scope: 'orders:read tools:use',
    });
    expect([told(await by(both, '/mcp')), told(await by(both, '/orders'))]).toEqual([200, 200]);
  });

  it('hold scopes of theirs only: those of another are none there', async () => {
    expect(told(await by(token(`${HERE}/mcp`, 'orders:read'), '/mcp'))).toBe('403 forbidden');
    const refused = await by(token(`${HERE}/mcp`, 'tools:use'), '/mcp/admin');
    expect(told(refused)).toBe('403 forbidden');
    expect(refused.headers.get('www-authenticate')).toContain(
      'error="insufficient_scope", scope="tools:use tools:admin"',
    );
    expect(told(await by(token(`${HERE}/mcp`, 'tools:use tools:admin'), '/mcp/admin'))).toBe(200);
    expect(told(await by(token(HERE, 'orders:read'), '/orders/closed'))).toBe('403 forbidden');
  });

  it('are open to users who are logged in, and to all where they say so', async () => {
    expect((await user.get('/api/mcp')).body).toEqual({ by: 'session' });
    expect(told(await by(null, '/mcp/open'))).toBe(200);
  });

  it('are among the APIs that clients may ask for', async () => {
    const resources = app.app.get(OAuthResources, { strict: false });
    expect((await resources.all()).map(({ uri, origin }) => [uri, origin])).toEqual([
      [HERE, 'own'],
      [`${HERE}/mcp`, 'own'],
      [`${HERE}/orders/export`, 'own'],
    ]);
    expect(await resources.find(`${HERE}/mcp`)).toMatchObject({
      name: 'Tools',
      scopes: { 'tools:use': '', 'tools:admin': '' },
    });
  });
});

describe('a resource that is none', () => {
  it.each(['mcp', '/mcp/', '//mcp', '/mcp?x', '/mcp#x', '/../mcp', '/a/./b', 'https://evil.example', '/m cp'])(
    'is refused where it is declared: %s',
    (path) => {
      expect(() => ProtectedResource(path)).toThrow(TypeError);
    },
  );
});

describe('without the strategy oauth', () => {
  it('nothing describes a resource, and no token of a client opens one', async () => {
    const app = await bootHost({
      adapter: 'express',
      controllers: CONTROLLERS,
      options: { authStrategies: ['session', 'jwt'] },
    });
    expect((await app.client().get('/.well-known/oauth-protected-resource/mcp')).status).toBe(404);
    const client = app.client({
      authorization: `Bearer ${new SignedTokens(app).ofClient('x', { aud: `${HERE}/mcp` })}`,
    });
    expect(told(await client.get('/mcp'))).toBe('401 unauthenticated');
    expect((await (await app.actAs()).get('/mcp')).body).toEqual({ by: 'session' });
    await app.close();
  });
});
