import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import {
  CurrentExchange,
  type EnrolledFactor,
  type Exchange,
  Factor,
  type FactorProof,
  type Feature,
  type FirstClaim,
  LoginService,
  Public,
  UserStore,
} from '../../src/index.js';
import { type AuthTestApp, bootAuthApp, type TestUser } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { heldBack } from './held-back.js';
import { expected } from './holder.js';

const databaseOf = (app: AuthTestApp) => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });

describe('a login by passkey that is being judged', () => {
  let app: AuthTestApp;
  let boss: TestUser;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] });
    boss = await app.logIn({ changes: { roles: ['admin'] } });
  }, 60_000);
  afterAll(() => app.close());

  it.each<[string, (userId: string) => Promise<unknown>, number]>([
    ['nothing happens', async () => undefined, 200],
    ['its user is logged out', (id) => expected(204, boss.post(`/admin/users/${id}/logout`)), 401],
    ['everything is revoked', () => expected(204, boss.post('/admin/revoke-all', {})), 401],
  ])('while %s', async (_what, meanwhile, status) => {
    const ada = await PasskeyHolder.enrolled(app);
    const client = app.client();
    await heldBack(
      databaseOf(app),
      `SELECT FROM coatcheck.passkeys WHERE user_id = '${ada.user.userId}' FOR UPDATE`,
      () => ada.logIn({ client }),
      () => meanwhile(ada.user.userId),
    );
    expect((await client.get('/auth/me')).status).toBe(status);
  });
});

class BadgeProof {
  @IsString()
  badge!: string;
}

/** Somebody's own: it says whose it is, and gives no `state`. */
@Injectable()
class BadgeFactor extends Factor<BadgeProof> {
  readonly name = 'badge';
  readonly amr = ['hwk'];
  readonly proofClass = BadgeProof;
  override readonly canBegin = true;
  static readonly seen: unknown[] = [];
  static judged = async (): Promise<void> => undefined;

  constructor(private readonly users: UserStore) {
    super();
  }

  override async begin({ proof }: FirstClaim<BadgeProof>): Promise<FactorProof> {
    BadgeFactor.seen.push(proof);
    const user = await this.users.findByEmail(proof.badge);
    await BadgeFactor.judged();
    return { user: user!, amr: this.amr };
  }

  async enrolledBy(): Promise<EnrolledFactor[]> {
    return [];
  }

  async removeAllOf(): Promise<void> {}
}

/** Checks nothing of what is sent. */
@Controller('badge')
class BadgeController {
  constructor(private readonly logins: LoginService) {}

  @Post()
  @Public()
  @HttpCode(200)
  async logIn(@Body() proof: object, @CurrentExchange() exchange: Exchange) {
    const { status } = await this.logins.login('badge', proof, {}, exchange);
    return { status };
  }
}

const badges: Feature = { name: 'badges', factors: { badge: BadgeFactor }, controllers: [BadgeController] };

describe('a factor of the application’s own', () => {
  let app: AuthTestApp;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
    app = await bootAuthApp({
      options: { authStrategies: ['session'], databaseUrl: database.url },
      features: [badges],
    });
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it.each([
    ['before everything is revoked begins no session', true, 401],
    ['begins one otherwise', false, 200],
  ])('judged %s', async (_when, isRevoked, status) => {
    const boss = await app.logIn({ changes: { roles: ['admin'] } });
    const { email } = await app.register();
    BadgeFactor.judged = async () => {
      if (isRevoked) await expected(204, boss.post('/admin/revoke-all', {}));
    };
    const client = app.client();
    expect(await expected(200, client.post('/badge', { badge: email }))).toEqual({ status: 'authenticated' });
    expect((await client.get('/auth/me')).status).toBe(status);
  });

  it.each([[{}], [{ badge: 7 }], [{ badge: null }], [{ badge: ['ada@example.com'] }], [{ badge: { $ne: '' } }]])(
    'is handed no proof that its class refuses, whatever calls it: %j',
    async (proof) => {
      BadgeFactor.seen.length = 0;
      const { status, body } = await app.client().post('/badge', proof);
      expect([status, body.code]).toEqual([400, 'validation_failed']);
      expect(BadgeFactor.seen).toEqual([]);
    },
  );

  it('is handed nothing that its class does not know', async () => {
    const { email } = await app.register();
    BadgeFactor.seen.length = 0;
    await expected(200, app.client().post('/badge', { badge: email, isAdmin: true }));
    expect(BadgeFactor.seen).toEqual([Object.assign(new BadgeProof(), { badge: email })]);
  });
});
