import { Body, Controller, Get, Injectable, Post } from '@nestjs/common';
import { CurrentAuth } from '../../src/access/route-decorators.js';
import { AuditRecords } from '../../src/audit/audit-records.js';
import type { AuthContext, AuthUser, CustomClaims, SessionMetadata } from '../../src/kernel/auth-context.js';
import { requireSession } from '../../src/kernel/auth-context.js';
import { AuthError } from '../../src/kernel/auth-error.js';
import { type ClaimsRequest, ClaimsSource, type LoginNote } from '../../src/sessions/claims-source.js';
import { SessionService } from '../../src/sessions/session.service.js';
import { UserClaims } from '../../src/sessions/user-claims.js';
import { AuthTestApp, type TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootHost } from '../boot-host.js';
import { sharedServer } from '../servers-of-this-run.js';
import { overStores, overStrategies, STORES, type StoreUnderTest } from './combinations.js';
import { StoreCalls, UNDISTURBED } from './counting-providers.js';

/** What a team knows of its users, and how often it was asked. */
let known: unknown = { tenant: 'a' };
const asked: [cause: string, current: CustomClaims][] = [];

@Injectable()
class Tenants extends ClaimsSource {
  override async claimsFor(_user: AuthUser, { cause, current }: ClaimsRequest): Promise<CustomClaims> {
    asked.push([cause, current]);
    if (known instanceof Error) throw known;
    return known as CustomClaims;
  }

  override metadataFor(_user: AuthUser, { strategy, caller }: LoginNote): SessionMetadata {
    return { strategy, from: caller.userAgent };
  }
}

@Controller('host')
class HostController {
  constructor(private readonly sessions: SessionService) {}

  @Get('claims')
  claims(@CurrentAuth() auth: AuthContext) {
    if (auth.by !== 'session') return null;
    const isFrozen = Object.isFrozen(auth.claims) && Object.isFrozen(auth.session.metadata);
    return { claims: auth.claims, metadata: auth.session.metadata, isFrozen };
  }

  @Post('note')
  async note(@CurrentAuth() auth: AuthContext, @Body() body: SessionMetadata) {
    await this.sessions.setMetadata(requireSession(auth).id, body);
    return {};
  }
}

async function boot(store: StoreUnderTest, strategy: string, calls?: StoreCalls): Promise<AuthTestApp> {
  const isRedis = store === 'redis' || store === 'redis-cluster';
  return bootHost({
    options: {
      authStrategies: [strategy],
      ...UNDISTURBED,
      sessionStore: isRedis ? 'redis' : store,
      ...(isRedis && { redisUrl: (await sharedServer(store)).url }),
      ...(store === 'memcached' && { memcachedUrl: (await sharedServer(store)).url }),
    },
    controllers: [HostController],
    providers: [{ provide: ClaimsSource, useClass: Tenants }, ...(calls?.providers ?? [])],
  });
}

const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];

beforeEach(() => {
  known = { tenant: 'a' };
  asked.length = 0;
});

// A store of each kind, whether or not it can push.
const KEPT_IN = STORES.filter((store) => store !== 'redis-cluster');

overStores((store) => {
  overStrategies((strategy) => {
    const calls = new StoreCalls();
    let app: AuthTestApp;
    const claims = () => app.app.get(UserClaims, { strict: false });
    beforeAll(async () => {
      app = await boot(store, strategy, calls);
      calls.watch(app);
    });
    afterAll(() => app.close());

    /** As a client does that is told to refresh. */
    const current = async (user: TestUser) => {
      const reply = await user.get('/host/claims');
      if (reply.status === 200) return reply.body.claims;
      expect(codeOf(reply)).toEqual([401, 'token_expired']);
      const refreshed = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
      expect(refreshed.status).toBe(200);
      const token: string = refreshed.body.accessToken;
      const again = await app.client({ authorization: `Bearer ${token}` }).get('/host/claims');
      expect(payloadOf(token)).toMatchObject(again.body.claims);
      return again.body.claims;
    };
    const logIn = () => app.logIn({ strategy, transport: 'body' });

    it('claims are frozen at login: what the source would say later changes nothing', async () => {
      const user = await logIn();
      expect(asked).toEqual([['login', {}]]);
      known = { tenant: 'b' };
      expect((await user.get('/host/claims')).body.claims).toEqual({ tenant: 'a' });
      if (user.accessToken) expect(payloadOf(user.accessToken)).toMatchObject({ tenant: 'a', sub: user.userId });
      expect(asked).toHaveLength(1);
    });

    it('once they have changed, no node answers by the old ones, and all say the same', async () => {
      const user = await logIn();
      const other = await app.logInAgain({ ...user, strategy, transport: 'body' });
      await user.get('/host/claims');
      known = { tenant: 'b', groups: ['x', { y: null }] };
      await claims().changed(user.userId);
      expect(await current(user)).toEqual(known);
      expect(await current(other)).toEqual(known);
      expect(asked.filter(([cause]) => cause === 'change')).toEqual([
        ['change', { tenant: 'a' }],
        ['change', { tenant: 'a' }],
      ]);
    });

    it('they are asked for again when roles change, and kept when nothing does', async () => {
      const user = await logIn();
      known = { tenant: 'c' };
      await app.app.get(UserStore, { strict: false }).update(user.userId, { roles: ['clerk'] });
      expect(await current(user)).toEqual(known);
      const { length } = asked;
      expect((await user.get('/auth/me')).status).toBeLessThan(402);
      expect(asked).toHaveLength(length);
    });

    if (store !== 'memcached') {
      it('no request asks the source for them in steady state', async () => {
        const user = await logIn();
        await user.get('/host/claims');
        const { length } = asked;
        const made = await calls.during(async () => {
          for (let request = 0; request < 5; request += 1) expect((await user.get('/host/claims')).status).toBe(200);
        });
        expect([made, asked.length]).toEqual([0, length]);
      });
    }

    it('what a host notes of a session is there at the next request, and nothing else of it changes', async () => {
      const user = await logIn();
      expect((await user.get('/host/claims')).body.metadata).toMatchObject({ strategy });
      expect((await user.post('/host/note', { shop: 'berlin' })).status).toBe(201);
      const { body } = await user.get('/host/claims');
      expect(body).toEqual({ claims: { tenant: 'a' }, metadata: { shop: 'berlin' }, isFrozen: true });
      expect((await user.get('/auth/sessions')).body.sessions[0]).not.toHaveProperty('metadata');
      expect(codeOf(await user.post('/host/note', { long: 'x'.repeat(1025) }))).toEqual([500, 'internal_error']);
      expect((await user.get('/host/claims')).body.metadata).toEqual({ shop: 'berlin' });
    });
  });
}, KEPT_IN);

describe('a ClaimsSource', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootHost({
      options: { authStrategies: ['session', 'jwt'], sessionMetadataShown: true },
      controllers: [HostController],
      providers: [{ provide: ClaimsSource, useClass: Tenants }],
    });
  });
  afterAll(() => app.close());

  it.each([
    ['sub', { sub: 'another' }],
    ['roles', { roles: ['admin'] }],
    ['aud', { aud: 'x' }],
    ['ver', { ver: 99 }],
    ['cnf', { cnf: {} }],
    ['more than 1 kB', { text: 'ü'.repeat(600) }],
    ['a list', [1]],
    ['nothing', undefined],
    ['a NUL', { text: 'a\u0000' }],
    ['what JSON cannot say', { big: 1n }],
  ])('that answers with %s makes no session', async (_what, given) => {
    const person = await app.register();
    known = given;
    for (const strategy of ['session', 'jwt']) {
      const reply = await app.client().post('/auth/login', { ...person, strategy });
      expect(codeOf(reply)).toEqual([500, 'internal_error']);
      expect(reply.setCookies.filter((line) => line.includes('session='))).toEqual([]);
    }
    known = {};
    const user = await app.logInAgain(person);
    expect((await user.get('/auth/sessions')).body.sessions).toHaveLength(1);
  });

  it('that throws an AuthError refuses the login as every login is refused; anything else is a 503', async () => {
    const person = await app.register();
    // Events of one instant are in no order.
    app.clock.advance(1);
    known = new AuthError('forbidden', { reason: 'no_tenant' });
    expect(codeOf(await app.client().post('/auth/login', person))).toEqual([401, 'invalid_credentials']);
    const [failed] = await app.app.get(AuditRecords, { strict: false }).find({ type: 'login.failed' }, 1);
    expect(failed!.reason).toBe('no_tenant');
    known = new Error('the directory is down: secret');
    const reply = await app.client().post('/auth/login', person);
    expect(codeOf(reply)).toEqual([503, 'unavailable']);
    expect(reply.text).not.toContain('secret');
  });

  it('that fails after a change closes the session with 503 until it answers, and ends nothing', async () => {
    const user = await app.logIn({ strategy: 'session' });
    known = new Error('down');
    await app.app.get(UserClaims, { strict: false }).changed(user.userId);
    expect(codeOf(await user.get('/host/claims'))).toEqual([503, 'unavailable']);
    known = { tenant: 'd' };
    expect((await user.get('/host/claims')).body.claims).toEqual({ tenant: 'd' });
  });

  it('is asked in the transaction of the change, or not at all', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const users = app.app.get(UserStore, { strict: false });
    const before = (await users.find(user.userId))!.revision;
    const failing = app.app.get(UserClaims, { strict: false }).changed(user.userId, async () => {
      throw new Error('no such tenant');
    });
    await expect(failing).rejects.toThrow('no such tenant');
    expect((await users.find(user.userId))!.revision).toBe(before);
  });

  it('survives a step-up: the session that follows says the same', async () => {
    const user = await app.logIn({ strategy: 'session' });
    await user.post('/host/note', { shop: 'berlin' });
    known = { tenant: 'later' };
    expect((await user.post('/auth/step-up', { password: user.password })).status).toBe(200);
    const { body } = await user.get('/host/claims');
    expect(body).toEqual({ claims: { tenant: 'a' }, metadata: { shop: 'berlin' }, isFrozen: true });
    expect((await user.get('/auth/me')).body.session.metadata).toEqual({ shop: 'berlin' });
    expect((await user.get('/auth/sessions')).body.sessions[0].metadata).toEqual({ shop: 'berlin' });
  });
});
