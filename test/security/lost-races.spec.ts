import type { DataSource, EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { asUnavailable } from '../../src/database/unreachable-database.js';
import { AccountSecurity } from '../../src/security/account-security.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from '../flows/combinations.js';

describe('a security event whose transaction lost a race', () => {
  let app: AuthTestApp;
  let security: AccountSecurity;
  let dataSource: DataSource;
  let user: TestUser;
  beforeAll(async () => {
    app = await bootService();
    security = app.app.get(AccountSecurity, { strict: false });
    dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
  });
  beforeEach(async () => {
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const epoch = async () => (await app.app.get(UserStore, { strict: false }).find(user.userId))!.sessionEpoch;
  const audited = async () => {
    const rows = await dataSource.query(
      "SELECT FROM coatcheck.audit_events WHERE user_id = $1 AND type = 'logout.by_admin'",
      [user.userId],
    );
    return rows.length;
  };
  const logOut = (change: (tx: EntityManager) => Promise<void>) =>
    security.apply('logged_out_by_admin', { userId: user.userId, origin: null }, (_, tx) => change(tx));
  const lose = (tx: EntityManager, code: string) =>
    tx.query(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '${code}'; END $$`);

  it.each(['40001', '40P01'])('happens once, by a later try: %s', async (code) => {
    const [before, known] = [await epoch(), await audited()];
    let tries = 0;
    await logOut(async (tx) => {
      tries += 1;
      await tx.query('UPDATE coatcheck.users SET name = $2 WHERE id = $1', [user.userId, `try ${tries}`]);
      if (tries < 3) await lose(tx, code);
    });
    expect([tries, await epoch(), await audited()]).toEqual([3, before + 1, known + 1]);
    const [{ name }] = await dataSource.query('SELECT name FROM coatcheck.users WHERE id = $1', [user.userId]);
    expect(name).toBe('try 3');
    expect((await user.get('/auth/me')).status).toBe(401);
  });

  it('has not happened after three tries in vain, and says: later', async () => {
    const [before, known] = [await epoch(), await audited()];
    let tries = 0;
    const lost = logOut(async (tx) => {
      tries += 1;
      await lose(tx, '40001');
    });
    expect(asUnavailable(await lost.catch((error) => error))).toMatchObject({ code: 'unavailable' });
    expect([tries, await epoch(), await audited()]).toEqual([3, before, known]);
    expect((await user.get('/auth/me')).status).toBe(200);
  });

  it.each(['55P03', '57014', '23505'])('is not tried again for anything else: %s', async (code) => {
    let tries = 0;
    const failed = logOut(async (tx) => {
      tries += 1;
      await lose(tx, code);
    });
    await expect(failed).rejects.toThrow('lost');
    expect(tries).toBe(1);
  });

  it('is done again after a real deadlock, in which it was the one undone', async () => {
    const other = await app.logIn();
    const before = await epoch();
    const lock = (run: DataSource | EntityManager, { userId }: TestUser) =>
      run.query('SELECT FROM coatcheck.users WHERE id = $1 FOR UPDATE', [userId]);
    let tries = 0;
    const waits = gate();
    const rival = dataSource.transaction(async (tx) => {
      await tx.query("SET LOCAL deadlock_timeout = '60s'");
      await lock(tx, other);
      await waits.promise;
      await lock(tx, user);
    });
    const happened = logOut(async (tx) => {
      tries += 1;
      waits.resolve();
      // The event closes the circle, and so is the one that finds it, however slow either of them is.
      if (tries === 1) await until(tx, LOCK_IS_WAITED_FOR);
      await lock(tx, other);
    });
    await Promise.all([rival, happened]);
    expect([tries, await epoch()]).toEqual([2, before + 1]);
    expect((await user.get('/auth/me')).status).toBe(401);
  });
});

const LOCK_IS_WAITED_FOR = `
  SELECT EXISTS (SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND pg_backend_pid() = ANY (pg_blocking_pids(pid))) AS holds`;

async function until(tx: EntityManager, condition: string): Promise<void> {
  for (let looks = 0; looks < 1_000; looks++) {
    const [{ holds }] = await tx.query(condition);
    if (holds) return;
    // Within a transaction it is what it was at the first look.
    await tx.query('SELECT pg_stat_clear_snapshot(), pg_sleep(0.02)');
  }
  throw new Error('nobody waits');
}

function gate() {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
