import { Controller, Get, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { HttpRequest } from '../../src/access/http-exchange.js';
import { Scopes } from '../../src/access/route-decorators.js';
import type { Strategy, Ticket } from '../../src/access/strategy.js';
import { type AuthTestApp, bootAuthApp, type TestUser } from '../../src/testing/index.js';
import { toAuthUser, UserStore } from '../../src/users/user.store.js';

const UNKNOWN = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';

/** Believes a header: it recognises users, and asks nothing of their standing. */
@Injectable()
class BadgeStrategy extends PassportStrategy(passport.Strategy, 'badge') implements Strategy {
  override readonly name = 'badge';

  constructor(private readonly users: UserStore) {
    super();
  }

  ticketsOf({ headers }: HttpRequest): Ticket[] {
    return typeof headers['x-badge'] === 'string' ? [{ value: headers['x-badge'], carrier: 'header' }] : [];
  }

  override authenticate(_request: object, { ticket }: { ticket: Ticket }): void {
    void this.recognize(ticket.value);
  }

  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }

  validate(): never {
    throw new Error('authenticate judges by itself');
  }

  private async recognize(id: string): Promise<void> {
    const found = await this.users.find(id);
    const user = found
      ? toAuthUser(found)
      : {
          id,
          kind: 'person' as const,
          email: null,
          emailVerified: false,
          name: null,
          roles: [],
          createdAt: new Date(0),
          revision: 1,
        };
    const credential = { id, name: null, createdAt: new Date(0), lastUsedAt: null, expiresAt: null };
    this.success({ by: 'oauth', user, strategy: 'badge', credential, scopes: [] });
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  @Scopes()
  list() {
    return [];
  }
}

describe('whoever a strategy of one’s own recognises', () => {
  let app: AuthTestApp;
  let admin: TestUser;
  let user: TestUser;
  beforeAll(async () => {
    app = await bootAuthApp({
      options: { authStrategies: ['session', 'badge'] },
      rooms: [{ name: 'badge', strategies: { badge: BadgeStrategy } }],
      controllers: [OrdersController],
    });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const outcome = async (id: string) => {
    const { status, body } = await app.client({ 'x-badge': id }).get('/orders');
    return status === 200 ? 200 : [status, body.code];
  };

  it('passes, and not while banned, nor once deleted', async () => {
    expect(await outcome(user.userId)).toBe(200);
    const untilAt = app.clock.in(3600).toISOString();
    expect((await admin.post(`/admin/users/${user.userId}/ban`, { untilAt })).status).toBe(204);
    expect(await outcome(user.userId)).toEqual([401, 'session_ended']);
    app.clock.advance(3600);
    expect(await outcome(user.userId)).toBe(200);
    await admin.post('/auth/step-up', { password: admin.password });
    expect((await admin.request('DELETE', `/admin/users/${user.userId}`)).status).toBe(204);
    expect(await outcome(user.userId)).toEqual([401, 'unauthenticated']);
  });

  it('does not pass when it is nobody here', async () => {
    expect(await outcome(UNKNOWN)).toEqual([401, 'unauthenticated']);
  });
});
