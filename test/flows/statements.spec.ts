import pg from 'pg';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { PasswordStore } from '../../src/factors/password/password.store.js';
import { TypeormPasswordStore } from '../../src/factors/password/typeorm-password.store.js';
import { MailQueue } from '../../src/mail/mail-queue.js';
import { SessionStarts } from '../../src/sessions/session-starts.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { TypeormUserStore } from '../../src/users/typeorm-user.store.js';
import { type UserRecord, UserStore } from '../../src/users/user.store.js';
import { type ProtectedUser, protectedUser } from './authenticator-app.js';
import { overStrategies } from './combinations.js';
import { StoreCalls, UNDISTURBED } from './counting-providers.js';
import { bootWithMadeUsers } from './made-users.js';

/** Several first requests at once share statements, each of which begins after the requests did. */
const LANES = 3;
const MANY = 40;
/** To offer the pending login and to consume it; a place taken and given back; how many codes were wrong before (H-6); the global epoch, at either step (M-8); the user; the secret, and its step. */
const MOST_STATEMENTS = 10;

overStrategies((strategy) => {
  describe('on PostgreSQL', () => {
    let app: AuthTestApp;
    const statements = new StoreCalls();
    beforeAll(async () => {
      app = await bootWithMadeUsers({ authStrategies: [strategy], ...UNDISTURBED });
      statements.watch(app);
    });
    afterAll(() => app.close());

    const logIn = () => app.logIn({ transport: 'body' });

    it('a first request loads the session and its user in one statement', async () => {
      const user = await logIn();
      expect(await statements.during(() => user.get('/auth/me'))).toBe(1);
      expect(await statements.during(() => user.get('/auth/me'))).toBe(0);
    });

    it(`${MANY} first requests of as many sessions at once take few, and each gets its own`, async () => {
      const first = await logIn();
      const users = [first, ...(await Promise.all(Array.from({ length: MANY - 1 }, () => app.logInAgain(first))))];
      const stranger = await logIn();
      const made = await statements.during(async () => {
        const replies = await Promise.all([...users, stranger].map((user) => user.get('/auth/me')));
        expect(replies.map(({ body }) => body.session.id)).toEqual(
          [...users, stranger].map(({ sessionId }) => sessionId),
        );
        expect(replies.at(-1)!.body.user.id).toBe(stranger.userId);
      });
      expect(made).toBeLessThan(MANY);
      expect(made).toBeGreaterThanOrEqual(LANES);
    });

    it('a logout is one statement that ends, records and announces, and one that asks who has applied it', async () => {
      const user = await logIn();
      await user.get('/auth/me');
      expect(await statements.during(() => user.post('/auth/logout'))).toBe(2);
    });

    it('a session is started and recorded by one statement, after one that asks for the epoch', async () => {
      const { userId: id } = await logIn();
      const origin = { ip: null, userAgent: null, requestId: 'r' };
      const order = { ...origin, strategy, amr: ['pwd'], withSecret: true, transport: 'cookie' as const };
      const sessions = app.app.get(SessionStarts, { strict: false });
      expect(await statements.during(() => sessions.start({ id, sessionEpoch: 1 }, order))).toBe(2);
    });
  });
});

/** In turn: each waits for one before it. What is asked side by side is one turn. */
const MOST_TURNS = 4;

/** Watches every statement of the process but those of the lease, which beats whatever happens. */
async function turnsDuring(work: () => Promise<unknown>): Promise<{ turns: number; statements: string[] }> {
  let [turns, ended] = [0, 0];
  const statements: string[] = [];
  const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  const spy = jest.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    const [first] = given;
    const sql = typeof first === 'string' ? first : (first as { text: string }).text;
    if (/node_leases WHERE|UPDATE coatcheck.node_leases|FROM coatcheck.revocations WHERE/.test(sql))
      return query.apply(this, given) as never;
    statements.push(sql.trim().replace(/\s+/g, ' ').slice(0, 60));
    // Whether it needed those that had ended before it is not known: this is the most it may have waited for.
    const turn = ended + 1;
    turns = Math.max(turns, turn);
    const end = () => {
      ended = Math.max(ended, turn);
    };
    // A prepared one calls back, any other gives a promise.
    const prepared = first as { callback?: (...told: unknown[]) => void };
    const { callback } = prepared;
    if (callback)
      prepared.callback = (...told) => {
        end();
        callback(...told);
      };
    const requested = query.apply(this, given);
    if (!callback) (requested as Promise<unknown>).then(end, end);
    return requested as never;
  });
  await work();
  spy.mockRestore();
  return { turns, statements };
}

describe('a login by password, on PostgreSQL', () => {
  const BOUNDS = { session: 4, jwt: 5 } as const;

  overStrategies((strategy) => {
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootWithMadeUsers({ authStrategies: [strategy] });
      await app.logIn();
    });
    afterAll(() => app.close());

    async function fewest(times: number, work: () => Promise<() => Promise<unknown>>) {
      let [turns, statements] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      // The fewest: now and then something else asks too.
      for (let i = 0; i < times; i += 1) {
        const made = await turnsDuring(await work());
        turns = Math.min(turns, made.turns);
        statements = Math.min(statements, made.statements.length);
      }
      return { turns, statements };
    }

    const expectLogin = async (client: TestClient, body: object) => {
      expect((await client.post('/auth/login', body)).body.status).toBe('authenticated');
    };

    it(`is ${MOST_TURNS} statements in turn, ${BOUNDS[strategy]} in all: slots; user, password, enrolments, epoch and lock; session with its event, slots back; device`, async () => {
      const made = await fewest(5, async () => {
        const { email, password } = await app.register();
        const client = app.client();
        return () => expectLogin(client, { email, password });
      });
      expect(made).toEqual({ turns: MOST_TURNS, statements: BOUNDS[strategy] });
    });

    it('is no more of them from a device that is known', async () => {
      const { email, password } = await app.register();
      const first = app.client();
      await expectLogin(first, { email, password });
      const made = await fewest(5, async () => {
        const client = app.client();
        const cookie = `device=${first.cookie('device')}`;
        return async () => {
          const { body } = await client.post('/auth/login', { email, password }, { cookie });
          expect(body.status).toBe('authenticated');
        };
      });
      const turns = MOST_TURNS + (strategy === 'jwt' ? 1 : 0);
      expect(made).toEqual({ turns, statements: BOUNDS[strategy] });
    });
  });
});

it('a rotation is one statement: the exchange itself says whether there is such a token', async () => {
  const app = await bootWithMadeUsers({ authStrategies: ['jwt'], ...UNDISTURBED });
  const statements = new StoreCalls();
  statements.watch(app);
  const user = await app.logIn({ transport: 'body' });
  await user.get('/auth/me');
  const refresh = () => app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
  expect(await statements.during(async () => expect((await refresh()).status).toBe(200))).toBe(1);
  await app.close();
});

/** Somebody's own way to find users, over the table as it is. */
class ShoutingUserStore extends TypeormUserStore {
  override async find(...given: Parameters<UserStore['find']>): Promise<UserRecord | null> {
    const user = await super.find(...given);
    return user && { ...user, name: 'SOMEBODY' };
  }
}

it('a user store that finds users in its own way is asked, not its table', async () => {
  const app = await bootWithMadeUsers({}, [{ provide: UserStore, useClass: ShoutingUserStore }]);
  const user = await app.logIn();
  expect((await user.get('/auth/me')).body.user.name).toBe('SOMEBODY');
  await app.close();
});

/** Somebody's own way to find addresses, over the table as it is. */
class AliasingUserStore extends TypeormUserStore {
  override findByEmail(email: string, ...within: []): Promise<UserRecord | null> {
    return super.findByEmail(email.replace('alias-', ''), ...within);
  }
}

/** And to find passwords: none of them is anybody's. */
class ForgetfulPasswordStore extends TypeormPasswordStore {
  override async find(): Promise<null> {
    return null;
  }
}

it('a user store that finds addresses in its own way is asked at a login, not its table', async () => {
  const app = await bootWithMadeUsers({}, [{ provide: UserStore, useClass: AliasingUserStore }]);
  const { email, password } = await app.register();
  const { body } = await app.client().post('/auth/login', { email: `alias-${email}`, password });
  expect([body.status, body.user?.email]).toEqual(['authenticated', email]);
  await app.close();
});

it('a password store that finds passwords in its own way is asked at a login, not its table', async () => {
  const app = await bootWithMadeUsers({}, [{ provide: PasswordStore, useClass: ForgetfulPasswordStore }]);
  const { email, password } = await app.register();
  expect((await app.client().post('/auth/login', { email, password })).body.code).toBe('invalid_credentials');
  await app.close();
});

it('a session whose user is gone is none', async () => {
  const app = await bootWithMadeUsers({});
  const user = await app.logIn();
  const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
  await dataSource.query('DELETE FROM coatcheck.users WHERE id = $1', [user.userId]);
  expect((await user.get('/auth/me')).body.code).toBe('unauthenticated');
  await app.close();
});

describe('a login by password and TOTP', () => {
  let app: AuthTestApp;
  let ada: ProtectedUser;
  let bob: { email: string; password: string };
  beforeAll(async () => {
    app = await bootWithMadeUsers(UNDISTURBED);
    [ada, bob] = [await protectedUser(app), await app.register()];
    await app.app.get(MailQueue, { strict: false }).settled();
  });
  afterAll(() => app.close());

  it(`asks the database at most ${MOST_STATEMENTS} times more than a login by password`, async () => {
    const statements = new StoreCalls();
    statements.watch(app);
    let [alone, both] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    // The fewest: now and then something else asks too, the cleanup say.
    for (let round = 0; round < 10; round += 1) {
      alone = Math.min(alone, await statements.during(byPassword));
      const code = ada.code();
      both = Math.min(both, await statements.during(() => byTotp(code)));
    }
    expect(both - alone).toBeLessThanOrEqual(MOST_STATEMENTS);
  });

  async function byPassword(): Promise<void> {
    const { body } = await app.client().post('/auth/login', bob);
    expect(body.status).toBe('authenticated');
  }

  async function byTotp(code: string): Promise<void> {
    const client = app.client();
    await goOn(client, await begin(client), code);
  }

  async function begin(client: TestClient): Promise<string> {
    const { email, password } = ada;
    return (await client.post('/auth/login', { email, password })).body.loginToken;
  }

  async function goOn(client: TestClient, loginToken: string, code: string): Promise<void> {
    const { body } = await client.post('/auth/login/factor', { loginToken, factor: 'totp', code });
    expect(body.status).toBe('authenticated');
  }
});
