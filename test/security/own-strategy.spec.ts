import { Controller, Get, Injectable, Post } from '@nestjs/common';
import { CurrentAuth, CurrentSession, Scopes } from '../../src/access/route-decorators.js';
import { StepUp } from '../../src/access/step-up.js';
import { type Ticket, TicketStrategy, type Verdict } from '../../src/access/ticket-strategy.js';
import type { HttpRequest } from '../../src/edge/http-exchange.js';
import type { AuthContext, AuthSession, AuthUser } from '../../src/kernel/auth-context.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { toAuthUser, UserStore } from '../../src/users/user.store.js';
import { bootHost } from '../boot-host.js';

const UNKNOWN = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';

/** Believes what it is given: it recognises users, and asks nothing of their standing. */
abstract class Believing extends TicketStrategy {
  override readonly challenge: string | null = null;

  constructor(private readonly users: UserStore) {
    super();
  }

  protected async recognize(id: string): Promise<Verdict> {
    const found = await this.users.find(id);
    const user = found ? toAuthUser(found) : stranger(id);
    const credential = { id, name: null, createdAt: new Date(0), lastUsedAt: null, expiresAt: null };
    return { auth: { by: 'oauth', user, strategy: this.name, credential, scopes: ['orders:read'] } };
  }
}

/** By a header of its own. */
@Injectable()
class BadgeStrategy extends Believing {
  override readonly name = 'badge';

  constructor(users: UserStore) {
    super(users);
  }

  override ticketsOf({ headers }: HttpRequest): readonly Ticket[] {
    return typeof headers['x-badge'] === 'string' ? [{ value: headers['x-badge'], carrier: 'header' }] : [];
  }

  override verify({ value }: Ticket): Promise<Verdict> {
    return this.recognize(value);
  }
}

/** By bearer tokens of a shape of its own: nothing but this class and one line in `features`. */
@Injectable()
class PartnerStrategy extends Believing {
  override readonly name = 'partner';
  override readonly bearerTokens = (token: string) => token.startsWith('prt_');
  override readonly challenge = 'Bearer realm="partner"';

  constructor(users: UserStore) {
    super(users);
  }

  override verify({ value }: Ticket): Promise<Verdict> {
    return this.recognize(value.slice('prt_'.length));
  }
}

/** Wants every bearer token that nobody else claims, as `jwt` does. */
@Injectable()
class GreedyStrategy extends PartnerStrategy {
  override readonly bearerTokens = 'rest' as never;
}

function stranger(id: string): AuthUser {
  const since = { createdAt: new Date(0), revision: 1, fields: {} };
  return { id, kind: 'person', email: null, emailVerified: false, name: null, roles: [], ...since };
}

@Controller('orders')
class OrdersController {
  @Get()
  @Scopes('orders:read')
  list(@CurrentAuth() { by }: AuthContext) {
    return { by };
  }

  @Get('closed')
  closed() {
    return [];
  }

  @Get('session')
  @Scopes()
  ofSession(@CurrentSession() { id }: AuthSession) {
    return { id };
  }

  @Post('payouts')
  @Scopes()
  @StepUp()
  payOut() {
    return {};
  }
}

const told = ({ status, body }: { status: number; body: { code?: string } }) =>
  status < 300 ? status : [status, body.code];

describe('a user whom a strategy of one’s own recognises', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  let user: TestUser;
  beforeAll(async () => {
    app = await bootHost({
      options: { authStrategies: ['session', 'badge'] },
      features: [{ name: 'badge', strategies: { badge: BadgeStrategy } }],
      controllers: [OrdersController],
    });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const outcome = async (id: string) => told(await app.client({ 'x-badge': id }).get('/orders'));

  it('passes, and not while banned, nor once deleted', async () => {
    expect(await outcome(user.userId)).toBe(200);
    const untilAt = app.clock.in(3600).toISOString();
    expect((await admin.post(`/admin/users/${user.userId}/ban`, { untilAt })).status).toBe(204);
    expect(await outcome(user.userId)).toEqual([401, 'unauthenticated']);
    app.clock.advance(3600);
    expect(await outcome(user.userId)).toBe(200);
    await admin.post('/auth/step-up', { password: admin.password });
    expect((await admin.request('DELETE', `/admin/users/${user.userId}`)).status).toBe(204);
    expect(await outcome(user.userId)).toEqual([401, 'unauthenticated']);
  });

  it('does not pass when there is no such user here', async () => {
    expect(await outcome(UNKNOWN)).toEqual([401, 'unauthenticated']);
  });
});

describe('a bearer strategy of one’s own, beside jwt and api-key', () => {
  let app: AuthTestApp;
  let user: TestUser;
  beforeAll(async () => {
    app = await bootHost({
      options: { authStrategies: ['session', 'jwt', 'api-key', 'partner'] },
      features: [{ name: 'partner', strategies: { partner: PartnerStrategy } }],
      controllers: [OrdersController],
    });
    user = await app.logIn({ strategy: 'jwt', transport: 'body' });
  });
  afterAll(() => app.close());

  const by = (token: string) => app.client({ authorization: `Bearer ${token}` });

  it('is given the tokens of its shape, and each of the others its own', async () => {
    expect((await by(`prt_${user.userId}`).get('/orders')).body).toEqual({ by: 'oauth' });
    expect((await by(user.accessToken!).get('/orders')).body).toEqual({ by: 'session' });
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'k', scopes: ['orders:read'] })).body;
    expect((await by(apiKey).get('/orders')).body).toEqual({ by: 'api-key' });
    for (const wrong of ['cck_none', 'none', `prt_${UNKNOWN}`]) {
      expect(told(await by(wrong).get('/orders'))).toEqual([401, 'unauthenticated']);
    }
  });

  it('is one ticket too many beside another', async () => {
    const browser = await app.logIn();
    expect(told(await browser.get('/orders'))).toBe(200);
    const both = await browser.request('GET', '/orders', undefined, { authorization: `Bearer prt_${user.userId}` });
    expect(told(both)).toEqual([401, 'unauthenticated']);
  });

  it('opens what its scopes open, and nothing that needs a session or a fresh proof', async () => {
    const partner = by(`prt_${user.userId}`);
    expect(told(await partner.get('/orders/closed'))).toEqual([403, 'forbidden']);
    expect(told(await partner.get('/auth/sessions'))).toEqual([403, 'forbidden']);
    expect(told(await partner.get('/orders/session'))).toEqual([403, 'forbidden']);
    expect(told(await user.get('/orders/session'))).toBe(200);
    expect(told(await partner.post('/orders/payouts', {}))).toEqual([403, 'step_up_required']);
    expect(told(await user.post('/orders/payouts', {}))).toBe(201);
  });

  it('is who it is at /auth/me, in the words of every other ticket', async () => {
    const { body } = await by(`prt_${user.userId}`).get('/auth/me');
    expect(body.user.id).toBe(user.userId);
    expect(Object.keys(body.session).sort()).toEqual(Object.keys((await user.get('/auth/me')).body.session).sort());
    expect(body.session).toMatchObject({ strategy: 'partner', expiresIn: null, current: true, amr: [] });
  });

  it('is asked for where no ticket came', async () => {
    const challenge = (await app.client().get('/orders')).headers.get('www-authenticate');
    expect(challenge).toBe('Cookie realm="coatcheck", Bearer realm="coatcheck", Bearer realm="partner"');
  });
});

it('two strategies that both take the rest of the bearer tokens stop the start', async () => {
  const booting = bootHost({
    options: { authStrategies: ['jwt', 'partner'] },
    features: [{ name: 'partner', strategies: { partner: GreedyStrategy } }],
  });
  await expect(booting).rejects.toThrow(/AUTH_STRATEGIES lists jwt and partner/);
});
