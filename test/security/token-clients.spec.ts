import { Controller, Get, Injectable, SetMetadata } from '@nestjs/common';
import { PROTECTED_RESOURCE, type ResourceRule } from '../../src/access/resource-rule.js';
import { CurrentAuth, Scopes } from '../../src/access/route-decorators.js';
import { type Ticket, TicketStrategy, type Verdict } from '../../src/access/ticket-strategy.js';
import type { AuthContext, CredentialAuth } from '../../src/kernel/auth-context.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { toAuthUser, UserStore } from '../../src/users/user.store.js';
import { bootHost } from '../boot-host.js';

const RESOURCE: ResourceRule = { path: '/mcp', scopes: ['mcp:use'] };
const METADATA = 'resource_metadata="http://localhost:3000/.well-known/oauth-protected-resource/mcp"';

/** Tokens of applications; those that begin with `app_bound_` are bound to a key of their holder. */
@Injectable()
class AppStrategy extends TicketStrategy {
  override readonly name = 'app';
  override readonly challenge = ['Bearer realm="app"', 'DPoP algs="ES256"'];
  override readonly bearerTokens = (token: string) => token.startsWith('app_');
  override readonly dpopTokens = this.bearerTokens;

  constructor(private readonly users: UserStore) {
    super();
  }

  override async verify({ value, isDpop }: Ticket): Promise<Verdict> {
    const [, bound, id] = /^app_(bound_)?(.*)$/.exec(value)!;
    if ((bound !== undefined) !== (isDpop === true)) {
      throw new AuthError('unauthenticated', { reason: 'wrong_scheme', challenge: { error: 'invalid_token' } });
    }
    const user = toAuthUser((await this.users.find(id!))!);
    const credential = { id: id!, name: null, createdAt: new Date(0), lastUsedAt: null, expiresAt: null };
    const client = { id: 'shop', firstParty: false };
    return {
      auth: {
        by: 'oauth',
        user,
        strategy: 'app',
        credential,
        client,
        scopes: ['orders:read'],
        resourcePaths: ['', '/mcp'],
      },
    };
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  @Scopes('orders:read')
  list(@CurrentAuth() auth: AuthContext) {
    return { client: (auth as CredentialAuth).client ?? null };
  }

  @Get('written')
  @Scopes('orders:read', 'orders:write')
  written() {
    return [];
  }

  @Get('closed')
  closed() {
    return [];
  }
}

@Controller('mcp')
@SetMetadata(PROTECTED_RESOURCE, RESOURCE)
class ResourceController {
  @Get()
  @Scopes('orders:read')
  read() {
    return {};
  }

  @Get('admin')
  @Scopes('mcp:admin')
  administer() {
    return {};
  }
}

describe('clients that come with tokens', () => {
  let app: AuthTestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await bootHost({
      options: { authStrategies: ['session', 'api-key', 'app'] },
      features: [{ name: 'app', strategies: { app: AppStrategy } }],
      controllers: [OrdersController, ResourceController],
    });
    user = await app.logIn({ strategy: 'session' });
  });
  afterAll(() => app.close());

  const asked = async (authorization: string | undefined, path = '/orders') => {
    const { status, body, headers } = await app.client(authorization ? { authorization } : {}).get(path);
    return { status, code: body.code, challenge: headers.get('www-authenticate'), body };
  };

  it.each(['DPoP', 'dpop', 'DPOP '])('come with the scheme %s, which their strategy is told', async (scheme) => {
    expect(await asked(`${scheme} app_bound_${user.userId}`)).toMatchObject({
      status: 200,
      body: { client: { id: 'shop', firstParty: false } },
    });
  });

  it('come with nothing bound as Bearer, and nothing else as DPoP', async () => {
    expect((await asked(`Bearer app_${user.userId}`)).status).toBe(200);
    const refused = { status: 401, code: 'unauthenticated' };
    const bound = await asked(`Bearer app_bound_${user.userId}`);
    expect(bound).toMatchObject(refused);
    expect(bound.challenge).toContain('Bearer realm="app", error="invalid_token"');
    expect(await asked(`DPoP app_${user.userId}`)).toMatchObject(refused);
  });

  it('come with the tokens of other strategies as Bearer only', async () => {
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'k', scopes: ['orders:read'] })).body;
    expect((await asked(`Bearer ${apiKey}`)).status).toBe(200);
    expect(await asked(`DPoP ${apiKey}`)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('come with one ticket, a cookie beside DPoP being another', async () => {
    const both = await user.request('GET', '/orders', undefined, { authorization: `DPoP app_bound_${user.userId}` });
    expect([both.status, both.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('are told the scopes they lack', async () => {
    const { status, code, challenge } = await asked(`Bearer app_${user.userId}`, '/orders/written');
    expect([status, code]).toEqual([403, 'forbidden']);
    const why = 'error="insufficient_scope", scope="orders:read orders:write"';
    expect(challenge).toBe(`Bearer realm="coatcheck", ${why}, Bearer realm="app", ${why}, DPoP algs="ES256", ${why}`);
  });

  it('are told nothing where no scope would help', async () => {
    expect(await asked(`Bearer app_${user.userId}`, '/orders/closed')).toMatchObject({ status: 403, challenge: null });
  });

  it('find by a resource where it describes itself', async () => {
    const none = await asked(undefined, '/mcp');
    expect(none.status).toBe(401);
    expect(none.challenge).toContain(`Bearer realm="app", scope="mcp:use", ${METADATA}`);
    expect(none.challenge).not.toContain('error=');
    const missing = await asked(`Bearer app_${user.userId}`, '/mcp/admin');
    expect(missing.status).toBe(403);
    expect(missing.challenge).toContain(`error="insufficient_scope", scope="mcp:admin", ${METADATA}`);
    expect((await asked(undefined)).challenge).not.toContain('resource_metadata');
  });
});
