import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { TypeormUserStore } from '../../src/users/typeorm-user.store.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from '../flows/combinations.js';
import { heldBack, inTurn } from './held-back.js';
import { expected } from './holder.js';

const NEW_PASSWORD = 'a loom for patterned numbers';

/** Finds users in its own way, so that its table is nobody else's business. */
class OwnUserStore extends TypeormUserStore {
  override find(...given: Parameters<TypeormUserStore['find']>) {
    return super.find(...given);
  }
}

describe.each([
  ['in our database', TypeormUserStore],
  ['of a store of the application’s', OwnUserStore],
])('a browser noted while a reset of a user %s commits', (_where, store) => {
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
    const history = 'LOCK TABLE coatcheck.device_history IN ACCESS EXCLUSIVE MODE';
    await heldBack(
      database(),
      history,
      () => logIn(client),
      () => expected(204, reset()),
    );
    expect((await client.get('/auth/me')).status).toBe(401);
    expect([client.cookie('device'), await devicesOf(userId)]).toEqual([undefined, 0]);
  });

  it('is known, when there is no reset', async () => {
    const { userId, logIn } = await aboutToReset();
    await expected(200, logIn(app.client()));
    expect(await devicesOf(userId)).toBe(2);
  });
});
