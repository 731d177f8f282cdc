import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { TypeormUserStore } from '../../src/users/typeorm-user.store.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService, STRATEGIES } from './combinations.js';

/** Somebody's own, that does not say it announces. */
class SilentUserStore extends TypeormUserStore {
  override readonly announces = false as never;
}

it.each(STRATEGIES)('a user store that announces nothing is asked at every request, by %s', async (strategy) => {
  const app = await bootService({ authStrategies: [strategy] }, [{ provide: UserStore, useClass: SilentUserStore }]);
  const user = await app.logIn();
  expect((await user.get('/auth/me')).status).toBe(200);
  const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
  await dataSource.query('UPDATE users SET banned_at = $2 WHERE id = $1', [user.userId, new Date()]);
  expect((await user.get('/auth/me')).body.code).toBe('session_ended');
  await app.close();
});
