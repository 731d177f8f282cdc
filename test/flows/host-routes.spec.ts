import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { OptionalAuth } from '../../src/access/optional-auth.decorator.js';
import { Public } from '../../src/access/public.decorator.js';
import { CurrentAuth, CurrentUser, Permissions, Roles, Scopes, Strategies } from '../../src/access/route-decorators.js';
import { StepUp } from '../../src/access/step-up.js';
import { AuditRecords } from '../../src/audit/audit-records.js';
import { Audited } from '../../src/events/audited.decorator.js';
import type { AuthContext, AuthUser, OptionallyAuthenticatedRequest } from '../../src/kernel/auth-context.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import { RateLimited } from '../../src/limits/rate-limited.decorator.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootHost } from '../boot-host.js';
import { StoreCalls, UNDISTURBED } from './counting-providers.js';

@Controller('articles')
@OptionalAuth()
class ArticlesController {
  @Get()
  read(@CurrentUser() user: AuthUser | undefined, @Req() request: OptionallyAuthenticatedRequest) {
    return { reader: user?.id ?? null, request: request.user?.id ?? null };
  }

  @Post()
  like(@CurrentUser() user: AuthUser | undefined) {
    return { by: user?.id ?? null };
  }

  @Get('open')
  @Public()
  open(@CurrentUser() user: AuthUser | undefined) {
    return { reader: user?.id ?? null };
  }

  @Get('staff')
  @Roles('staff')
  ofStaff() {
    return {};
  }

  @Get('paid')
  @Permissions('articles:paid')
  ofPayers() {
    return {};
  }

  @Get('fresh')
  @StepUp()
  fresh() {
    return {};
  }

  @Get('machines')
  @Scopes()
  ofMachines() {
    return {};
  }

  @Get('browsers')
  @Strategies('session')
  ofBrowsers() {
    return {};
  }

  @Get('anybody')
  @OptionalAuth()
  @Scopes()
  ofAnybody(@CurrentUser() user: AuthUser | undefined) {
    return { reader: user?.id ?? null };
  }
}

@Controller('comments')
@Public()
class CommentsController {
  @Get()
  @OptionalAuth()
  read(@CurrentUser() user: AuthUser | undefined) {
    return { reader: user?.id ?? null };
  }

  @Get('staff')
  @Roles('staff')
  ofStaff() {
    return {};
  }

  @Get('browsers')
  @Strategies('session')
  ofBrowsers() {
    return {};
  }
}

@Controller('invoices')
class InvoicesController {
  @Get()
  @Permissions('invoices:read')
  list(@CurrentAuth() { permissions }: AuthContext) {
    return { permissions };
  }

  @Get('both')
  @Permissions('invoices:read', 'invoices:write')
  both() {
    return {};
  }

  @Get('machines')
  @Scopes()
  @Permissions('invoices:read')
  ofMachines(@CurrentAuth() { permissions }: AuthContext) {
    return { permissions };
  }
}

@Controller('payments')
class PaymentsController {
  @Post()
  @Scopes()
  @Audited('app.payment_made', { details: (reply) => ({ amount: (reply as { amount: number }).amount }) })
  pay(@Body() { amount }: { amount: number }) {
    if (amount < 0) throw new AuthError('validation_failed', { reason: 'negative' });
    return { amount };
  }

  @Post('anonymous')
  @Public()
  @Audited('app.payment_made')
  give() {
    return {};
  }

  @Get('limited')
  @RateLimited({ most: { user: 2 }, windowSeconds: 60 })
  limited() {
    return {};
  }
}

const rolePermissions = { clerk: ['invoices:read'], boss: ['invoices:write', 'invoices:read', 'articles:paid'] };
const told = ({ status, body }: { status: number; body: { code?: string } }) =>
  status < 300 ? status : [status, body.code];

describe.each(['express', 'fastify'] as const)('a host’s own routes, on %s', (adapter) => {
  let app: AuthTestApp;
  const calls = new StoreCalls();
  const users = () => app.app.get(UserStore, { strict: false });
  beforeAll(async () => {
    app = await bootHost({
      adapter,
      options: { authStrategies: ['session', 'jwt', 'api-key'], rolePermissions, ...UNDISTURBED },
      controllers: [ArticlesController, CommentsController, InvoicesController, PaymentsController],
      providers: calls.providers,
    });
    calls.watch(app);
  });
  afterAll(() => app.close());

  describe('with @OptionalAuth()', () => {
    it('know who carries a ticket of any kind, and have no user where there is none', async () => {
      const byCookie = await app.logIn({ strategy: 'session' });
      const byToken = await app.logIn({ strategy: 'jwt', transport: 'body' });
      for (const user of [byCookie, byToken]) {
        expect((await user.get('/articles')).body).toEqual({ reader: user.userId, request: user.userId });
        expect((await user.get('/comments')).body).toEqual({ reader: user.userId });
      }
      expect((await app.client().get('/articles')).body).toEqual({ reader: null, request: null });
      expect((await app.client().get('/comments')).body).toEqual({ reader: null });
    });

    it('refuse a ticket that is wrong or has ended, and leave the client its cookie', async () => {
      const user = await app.logIn({ strategy: 'session' });
      const replay = user.copy();
      await user.post('/auth/logout');
      const refused = await replay.get('/articles');
      expect(told(refused)).toEqual([401, 'session_ended']);
      expect(refused.setCookies).toEqual([]);
      for (const authorization of ['Bearer nonsense', 'Basic dTpw', '']) {
        expect(told(await app.client({ authorization }).get('/articles'))).toEqual([401, 'unauthenticated']);
      }
      const bearer = await app.logIn({ strategy: 'jwt', transport: 'body' });
      app.clock.advance(3600);
      expect(told(await bearer.get('/articles'))).toEqual([401, 'token_expired']);
    });

    it('take no cookie that another site’s page has sent', async () => {
      const user = await app.logIn({ strategy: 'session' });
      const foreign = { origin: 'https://evil.example' };
      expect(told(await user.post('/articles', {}, foreign))).toEqual([403, 'csrf_rejected']);
      expect((await app.client().post('/articles', {}, foreign)).body).toEqual({ by: null });
    });

    it('let no request pass without a ticket where something is asked of a user', async () => {
      const wrong = app.client({ authorization: 'Bearer nonsense' });
      const paths = ['staff', 'paid', 'fresh', 'machines', 'browsers'].map((path) => `/articles/${path}`);
      for (const path of [...paths, '/comments/staff', '/comments/browsers']) {
        expect([path, told(await app.client().get(path))]).toEqual([path, [401, 'unauthenticated']]);
        expect([path, told(await wrong.get(path))]).toEqual([path, [401, 'unauthenticated']]);
      }
      const user = await app.logIn();
      expect(told(await user.get('/articles/staff'))).toEqual([403, 'forbidden']);
      expect(told(await user.get('/articles/paid'))).toEqual([403, 'forbidden']);
      expect(told(await user.get('/comments/staff'))).toEqual([403, 'forbidden']);
      for (const path of ['fresh', 'machines', 'browsers']) expect(told(await user.get(`/articles/${path}`))).toBe(200);
      expect((await app.client().get('/articles/anybody')).body).toEqual({ reader: null });
    });

    it('are public where @Public() stands on the handler, and no user is recognised there', async () => {
      const user = await app.logIn();
      expect((await user.get('/articles/open')).body).toEqual({ reader: null });
    });
  });

  it('with @Audited() record what has succeeded, who did it and from where, before the reply', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const events = () => app.app.get(AuditRecords, { strict: false }).find({ type: 'app.payment_made' }, 10);
    expect((await user.post('/payments', { amount: -1 })).status).toBe(400);
    expect(await events()).toEqual([]);
    expect((await user.post('/payments', { amount: 7 }, { 'user-agent': 'till' })).status).toBe(201);
    const { userId, sessionId } = user;
    expect(await events()).toMatchObject([
      { userId, sessionId, actorId: null, userAgent: 'till', ip: '127.0.0.1', details: { amount: 7 } },
    ]);
    await user.post('/auth/step-up', { password: user.password });
    const made = await user.post('/auth/api-keys', { name: 'till', scopes: ['pay'] });
    // Events of one instant are in no order.
    app.clock.advance(1);
    await app.client({ authorization: `Bearer ${made.body.apiKey}` }).post('/payments', { amount: 8 });
    const keyId = made.body.id ?? made.body.key?.id;
    expect((await events())[0]).toMatchObject({ userId, sessionId: null, details: { amount: 8, keyId } });
    app.clock.advance(1);
    expect((await app.client().post('/payments/anonymous', {})).status).toBe(201);
    expect((await events())[0]).toMatchObject({ userId: null, sessionId: null });
  });

  it('with @RateLimited() are refused beyond the limit, each user by themselves, and say when to come back', async () => {
    const [one, other] = [await app.logIn(), await app.logIn()];
    const ask = async (user: TestUser) => told(await user.get('/payments/limited'));
    expect([await ask(one), await ask(one), await ask(one)]).toEqual([200, 200, [429, 'rate_limited']]);
    expect((await one.get('/payments/limited')).headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await ask(other)).toBe(200);
    app.clock.advance(60);
    expect(await ask(one)).toBe(200);
  });

  describe('with @Permissions()', () => {
    const as = async (roles: string[]): Promise<TestUser> => app.logIn({ changes: { roles } });

    it('are open to those whose roles permit all of them, and tell what is permitted', async () => {
      const [nobody, clerk, boss] = [await as([]), await as(['clerk', 'unknown']), await as(['boss', 'clerk'])];
      expect(told(await app.client().get('/invoices'))).toEqual([401, 'unauthenticated']);
      expect(told(await nobody.get('/invoices'))).toEqual([403, 'forbidden']);
      expect((await clerk.get('/invoices')).body).toEqual({ permissions: ['invoices:read'] });
      expect(told(await clerk.get('/invoices/both'))).toEqual([403, 'forbidden']);
      const all = ['articles:paid', 'invoices:read', 'invoices:write'];
      expect((await boss.get('/invoices')).body).toEqual({ permissions: all });
      expect(told(await boss.get('/invoices/both'))).toBe(200);
    });

    it('ask no store in steady state, and close at once when the role is taken away', async () => {
      const clerk = await as(['clerk']);
      await clerk.get('/invoices');
      const asked = await calls.during(async () => {
        for (let request = 0; request < 5; request += 1) expect((await clerk.get('/invoices')).status).toBe(200);
      });
      expect(asked).toBe(0);
      await users().update(clerk.userId, { roles: [] });
      expect(told(await clerk.get('/invoices'))).toEqual([403, 'forbidden']);
    });

    it('are closed to keys unless @Scopes() opens them, and then what a key may is in its scopes and its user’s roles', async () => {
      const clerk = await as(['clerk']);
      const keyWith = async (scopes: string[]) => {
        await clerk.post('/auth/step-up', { password: clerk.password });
        const made = await clerk.post('/auth/api-keys', { name: 'reader', scopes });
        return app.client({ authorization: `Bearer ${made.body.apiKey}` });
      };
      const reader = await keyWith(['invoices:read', 'invoices:write']);
      expect(told(await reader.get('/invoices'))).toEqual([403, 'forbidden']);
      expect((await reader.get('/invoices/machines')).body).toEqual({ permissions: ['invoices:read'] });
      const other = await keyWith(['orders:read']);
      expect(told(await other.get('/invoices/machines'))).toEqual([403, 'forbidden']);
      await users().update(clerk.userId, { roles: [] });
      expect(told(await reader.get('/invoices/machines'))).toEqual([403, 'forbidden']);
    });

    it('say so in the API document', () => {
      const document = SwaggerModule.createDocument(app.app, new DocumentBuilder().build());
      const both = document.paths['/invoices/both']?.get as { 'x-permissions'?: string[] };
      expect(both['x-permissions']).toEqual(['invoices:read', 'invoices:write']);
      expect(document.paths['/articles']?.get?.security).toEqual([{}]);
    });
  });
});

it.each([
  ['a role that is none', { 'a b': ['invoices:read'] }],
  ['a permission that could be no scope', { clerk: ['invoices read'] }],
  ['a text for a list', { clerk: 'invoices:read' as never }],
])('the configuration is refused with %s', async (_what, given) => {
  await expect(bootHost({ options: { rolePermissions: given } })).rejects.toThrow('ROLE_PERMISSIONS');
});
