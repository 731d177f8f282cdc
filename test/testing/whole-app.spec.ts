import { Controller, Get, Injectable, Module, type NestInterceptor } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { IsString } from 'class-validator';
import { decodeJwt } from 'jose';
import { Column, Entity, type EntityManager, PrimaryColumn, type Repository } from 'typeorm';
import {
  AuthModule,
  type AuthUser,
  ClaimsSource,
  CurrentUser,
  type HeardEvent,
  InTransaction,
  type Mail,
  Mailer,
  Public,
  Roles,
  StepUp,
  UserStore,
} from '../../src/index.js';
import { type AuthTestApp, bootAuthApp, testOptions, wrapAuthApp } from '../../src/testing/index.js';
import { closedAtTheEnd } from '../left-open.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

@Controller()
class ShopController {
  @Get('orders')
  orders(@CurrentUser() user: AuthUser) {
    return { of: user.email };
  }

  @Get('reports')
  @Roles('accountant')
  reports() {
    return { total: 0 };
  }

  @Get('payout')
  @StepUp({ amr: ['mfa'] })
  payout() {
    return { paid: true };
  }

  @Get('prices')
  @Public()
  prices() {
    return { prices: [] };
  }
}

const delivered: Mail[] = [];

@Injectable()
class OwnMailer extends Mailer {
  failure: Error | undefined;

  async send(mail: Mail): Promise<void> {
    if (this.failure) throw this.failure;
    delivered.push(mail);
  }
}

const databases: TestDatabase[] = [];
afterAll(() => Promise.all(databases.map((database) => database.drop())));

/** As an application of a host is put together: it imports AuthModule by itself. */
async function shop(options: object, providers = [{ provide: Mailer, useClass: OwnMailer }]) {
  const database = await freshDatabase();
  databases.push(database);

  @Module({
    imports: [AuthModule.forRoot({ ...testOptions, databaseUrl: database.url, ...options, providers })],
    controllers: [ShopController],
  })
  class ShopModule {}

  return ShopModule;
}

describe.each([
  ['session', { authStrategies: ['session', 'jwt'] }],
  ['jwt', { authStrategies: ['jwt', 'session'] }],
] as const)('an application wrapped for its tests, first by %s', (strategy, options) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    const host = await NestFactory.create(await shop({ ...options, secondFactor: 'required' }), {
      logger: false,
      abortOnError: false,
    });
    host.setGlobalPrefix('api');
    app = closedAtTheEnd(await wrapAuthApp(host));
  });
  afterAll(() => app.close());

  it('is acted in as a user of any roles, address and proof, without a mail', async () => {
    const clerk = await app.actAs();
    expect((await clerk.get('/api/orders')).body).toEqual({ of: clerk.email });
    expect((await clerk.get('/api/reports')).body.code).toBe('forbidden');
    expect((await clerk.get('/api/payout')).body.code).toBe('step_up_required');
    const boss = await app.actAs({
      email: 'Boss@Example.com',
      roles: ['accountant'],
      amr: ['pwd', 'otp', 'mfa'],
    });
    expect(boss.email).toBe('boss@example.com');
    expect([(await boss.get('/api/reports')).status, (await boss.get('/api/payout')).status]).toEqual([200, 200]);
    expect(await app.mails()).toEqual([]);
  });

  it('is acted in by either strategy, as one user, whose sessions end like any other', async () => {
    const first = await app.actAs({ strategy: 'session' });
    const second = await app.actAs({ strategy: 'jwt', transport: 'body', userId: first.userId });
    expect([first.headers.cookie, first.headers.authorization]).toEqual([
      expect.stringContaining('session='),
      undefined,
    ]);
    expect(second.headers).toEqual({ authorization: `Bearer ${second.accessToken}` });
    expect(second.refreshToken).toEqual(expect.any(String));
    expect((await second.get('/api/auth/me')).body.user.id).toBe(first.userId);
    expect((await first.post('/api/auth/logout-all')).status).toBe(204);
    expect((await second.get('/api/orders')).body.code).toBe('session_ended');
  });

  it('logs users in as they do, with a mailer of its own and a required second factor', async () => {
    const ada = await app.logIn({ strategy, transport: 'body' });
    expect((await ada.get('/api/payout')).status).toBe(200);
    expect(delivered.map(({ to }) => to)).toContain(ada.email);
    const again = await app.logInAgain({ ...ada, strategy });
    expect((await again.get('/api/orders')).body).toEqual({ of: ada.email });
    await expect(app.logInAgain({ ...ada, authenticator: undefined })).rejects.toThrow(
      /logging in user-.*a second factor is required[\s\S]*-> give the `authenticator`/,
    );
    await expect(app.logInAgain({ ...ada, password: 'wrong' })).rejects.toThrow(/logging in .* got 401/);
  });

  it('has a clock that stands still until it is moved', async () => {
    const ada = await app.actAs({ strategy: 'jwt' });
    expect((await ada.get('/api/orders')).status).toBe(200);
    app.clock.advance(16 * 60);
    expect((await ada.get('/api/orders')).body.code).toBe('token_expired');
  });

  it('says which step failed, and what to look at', async () => {
    await expect(app.actAs({ strategy: 'carrier-pigeon' })).rejects.toThrow(
      /^acting as user-\S+: choosing the ticket: .*one of: [\s\S]*-> name one of/,
    );
    await expect(app.actAs({ userId: '00000000-0000-7000-8000-000000000000' })).rejects.toThrow(/no user has that id/);
    await expect(app.actAs({ email: 'nobody' })).rejects.toThrow(/no e-mail address/);
    await expect(app.register({ password: 'short' })).rejects.toThrow(/^registering .*got 400: .*validation_failed/);
    const mailer = app.app.get<OwnMailer>(Mailer, { strict: false });
    mailer.failure = new Error('the post is on strike');
    await expect(app.register()).rejects.toThrow(
      /^waiting for a token by e-mail to .*on strike[\s\S]*-> the Mailer is OwnMailer/,
    );
    mailer.failure = undefined;
  });
});

it('an application that never started is not waited for, and leaves nothing open', async () => {
  @Injectable()
  class Failing {
    onModuleInit() {
      throw new Error('this part cannot start');
    }
  }

  @Module({ imports: [await shop({})], providers: [Failing] })
  class BrokenModule {}

  const host = await NestFactory.create(BrokenModule, { logger: false, abortOnError: false });
  await expect(wrapAuthApp(host)).rejects.toThrow('this part cannot start');
  await expect(bootAuthApp({ module: BrokenModule })).rejects.toThrow('this part cannot start');
  const url = new URL(databases.at(-1)!.url);
  expect(await openConnections(url)).toBe(0);
});

@Entity({ name: 'orders' })
class Order {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;
}

/** Makes a row of the application's own for each new user. */
@Injectable()
class Newcomers {
  readonly seen: unknown[] = [];

  @InTransaction('user.created')
  async greet({ userId }: HeardEvent, tx: EntityManager) {
    if (!(await this.users.find(String(userId), tx))) throw new Error('it is not in this transaction');
    this.seen.push(userId);
  }

  constructor(private readonly users: UserStore) {}
}

class CustomerFields {
  @IsString()
  company!: string;
}

@Injectable()
class CompanyClaims extends ClaimsSource {
  claimsFor({ id }: AuthUser) {
    return { customer: id };
  }
}

it('a user who is acted as or logs in has the fields that are given and the claims of the application, to which they are new users', async () => {
  const database = await freshDatabase();
  databases.push(database);
  const app = closedAtTheEnd(
    await bootAuthApp({
      providers: [Newcomers, { provide: ClaimsSource, useClass: CompanyClaims }],
      registrationFields: CustomerFields,
      options: { databaseUrl: database.url },
    }),
  );
  const fields = { company: 'Engines' };
  const ada = await app.actAs({ fields });
  const eve = await app.logIn({ fields });
  for (const user of [ada, eve]) expect((await user.get('/auth/me')).body.user.company).toBe('Engines');
  const { accessToken } = await app.actAs({ userId: ada.userId, strategy: 'jwt', transport: 'body' });
  expect(decodeJwt(accessToken!).customer).toBe(ada.userId);
  expect(app.app.get(Newcomers, { strict: false }).seen).toEqual([ada.userId, eve.userId]);
  await expect(app.logIn()).rejects.toThrow(/got 400[\s\S]*-> give what registration asks for: \{ fields/);
  await app.close();
});

@Controller('own-orders')
class OwnOrdersController {
  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}

  @Get()
  async list(@CurrentUser() user: AuthUser) {
    await this.orders.save({ id: 'first', userId: user.id });
    return this.orders.findBy({ userId: user.id });
  }
}

@Injectable()
class Envelope implements NestInterceptor {
  intercept(_context: unknown, next: { handle(): import('rxjs').Observable<unknown> }) {
    return next.handle();
  }
}

@Module({ imports: [TypeOrmModule.forFeature([Order])], controllers: [OwnOrdersController] })
class OrdersModule {}

it.each(['express', 'fastify'] as const)(
  'parts of an application are booted on %s with their entities and settings',
  async (adapter) => {
    const database = await freshDatabase();
    databases.push(database);
    const app = closedAtTheEnd(
      await bootAuthApp({
        adapter,
        entities: [Order],
        imports: [OrdersModule],
        options: { databaseUrl: database.url },
        configure: (host) => host.setGlobalPrefix('shop').useGlobalInterceptors(new Envelope()),
      }),
    );
    const ada = await app.actAs();
    expect((await ada.get('/shop/own-orders')).body).toEqual([{ id: 'first', userId: ada.userId }]);
    const eve = await app.logIn();
    expect((await eve.get('/shop/auth/me')).body.user.email).toBe(eve.email);
    await app.close();
  },
);

async function openConnections(url: URL): Promise<number> {
  const { Client } = await import('pg');
  const name = url.pathname.slice(1);
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const client = new Client({ connectionString: admin.href });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = $1', [
      name,
    ]);
    return rows[0].open;
  } finally {
    await client.end();
  }
}
