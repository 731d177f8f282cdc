import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';
import { TypeormUserStore } from '../../src/users/typeorm-user.store.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from '../flows/combinations.js';
import { heldBack, inTurn } from './held-back.js';
import { expected } from './holder.js';

const NEW_PASSWORD = 'a loom for patterned numbers';

/** Finds users in its own way, so that its table is nobody else's business. */
class OwnUserStore extends TypeormUserStore {
  /** What the next search within a transaction is told, and waits for. */
  atNextSearch: (() => Promise<void>) | undefined;

  override async find(...given: Parameters<TypeormUserStore['find']>) {
    const wait = given[1] && this.atNextSearch;
    if (wait) this.atNextSearch = undefined;
    await wait?.();
    return super.find(...given);
  }
}

/** Has a login come as far as the note of its device, lets `meanwhile` happen, and then lets it go on. */
type Between = (
  app: AuthTestApp,
  logIn: () => Promise<TestReply>,
  meanwhile: () => Promise<void>,
) => Promise<TestReply>;

/** It locks the user only after their device's table. */
const inOneStatement: Between = async (app, logIn, meanwhile) => {
  const history = 'LOCK TABLE coatcheck.device_history IN ACCESS EXCLUSIVE MODE';
  const [reply] = await heldBack(
    app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false }),
    history,
    logIn,
    meanwhile,
  );
  return reply;
};

/** The store locks the user, first of all. */
const inTheStore: Between = async (app, logIn, meanwhile) => {
  const store = app.app.get<OwnUserStore>(UserStore, { strict: false });
  let happened: Promise<void> | undefined;
  store.atNextSearch = () => (happened = meanwhile());
  const reply = await logIn();
  await happened;
  expect(happened).toBeDefined();
  return reply;
};

describe.each([
  ['in our database', TypeormUserStore, inOneStatement],
  ['of a store of the application’s', OwnUserStore, inTheStore],
])('a browser noted while a reset of a user %s commits', (_where, store, between) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ authStrategies: ['session'] }, [{ provide: UserStore, useClass: store }]);
  }, 60_000);
  afterAll(() => app.close());

  const database = () => app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const devicesOf = async (userId: string) => {
    const [row] = await database().query('SELECT count(*)::int FROM coatcheck.known_devices WHERE user_id = $1', [
      userId,
    ]);
    return row.count;
  };

  const sessionsOf = async (userId: string) => {
    const [row] = await database().query('SELECT count(*)::int FROM coatcheck.sessions WHERE user_id = $1', [userId]);
    return row.count;
  };

  async function aboutToReset() {
    const { userId, email, password } = await app.logIn();
    await app.client().post('/auth/password/forgot', { email });
    const token = await app.mailedToken(email);
    const reset = () => app.client().post('/auth/password/reset', { token, password: NEW_PASSWORD });
    const logIn = (client: TestClient) => client.post('/auth/login', { email, password });
    return { userId, reset, logIn };
  }

  it('is unknown, when the reset came first', async () => {
    const { userId, reset, logIn } = await aboutToReset();
    const client = app.client();
    const [done] = await inTurn(database(), userId, reset, () => logIn(client));
    expect(done.status).toBe(204);
    expect((await client.get('/auth/me')).status).toBe(401);
    expect([client.cookie('device'), await devicesOf(userId)]).toEqual([undefined, 0]);
  });

  it('is unknown, when the reset came second', async () => {
    const { userId, reset, logIn } = await aboutToReset();
    const client = app.client();
    const [, done] = await inTurn(database(), userId, () => logIn(client), reset);
    expect(done.status).toBe(204);
    expect((await client.get('/auth/me')).status).toBe(401);
    expect(await devicesOf(userId)).toBe(0);
  });

  it('is unknown, when a whole reset came between its session and itself', async () => {
    const { userId, reset, logIn } = await aboutToReset();
    const client = app.client();
    const login = await between(
      app,
      () => logIn(client),
      async () => {
        expect(await sessionsOf(userId)).toBe(2);
        await expected(204, reset());
      },
    );
    expect(login.status).toBe(200);
    expect((await client.get('/auth/me')).status).toBe(401);
    expect([client.cookie('device'), await devicesOf(userId)]).toEqual([undefined, 0]);
  });

  it('is known, when there is no reset', async () => {
    const { userId, logIn } = await aboutToReset();
    await expected(200, logIn(app.client()));
    expect(await devicesOf(userId)).toBe(2);
  });
});
