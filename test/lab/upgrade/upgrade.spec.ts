import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emptyDatabase, type TestDatabase } from '../../real-postgres.js';
import { type OwnServer, ownServer } from '../../servers-of-this-run.js';
import { isLong } from '../harness/form.js';
import { People } from '../harness/people.js';
import { ServiceProcess } from '../ship/service-process.js';
import { Clients } from './clients.js';
import { type PreviousRelease, previousRelease } from './previous-release.js';

const TODAY = resolve(__dirname, '../../..');
const SIZE = isLong ? 4 : 2;
const PEOPLE = isLong ? 40 : 8;
const MIGRATE = 'dist/src/migrate.js';

let previous: PreviousRelease;
beforeAll(() => {
  previous = previousRelease();
});

it('the previous release has a beginning of the migrations of today, as they are today', () => {
  const names = (folder: string) =>
    readdirSync(join(folder, 'migrations'))
      .filter((name) => name !== 'index.ts')
      .sort();
  const [then, now] = [names(previous.folder), names(TODAY)];
  const { lastMigration } = JSON.parse(readFileSync(join(__dirname, 'previous-release.json'), 'utf8'));
  if (previous.isPrevious) expect(then.at(-1)).toBe(`${lastMigration}.ts`);
  expect(now.slice(0, then.length)).toEqual(then);
  const textOf = (folder: string, name: string) => readFileSync(join(folder, 'migrations', name), 'utf8');
  expect(then.filter((name) => textOf(previous.folder, name) !== textOf(TODAY, name))).toEqual([]);
});

describe.each(['postgres', 'redis'] as const)('an upgrade under load, sessions in %s', (kind) => {
  let database: TestDatabase;
  let redis: OwnServer | undefined;
  let people: People;
  beforeAll(async () => {
    database = await emptyDatabase();
    if (kind === 'redis') redis = await ownServer('redis');
    people = new People(database.url, 64);
  });
  afterAll(async () => {
    await people?.close();
    await redis?.end();
    await database?.drop();
  });

  it('signs no user out, fails no request, and every acknowledged logout counts on both versions', async () => {
    const environment = {
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://upgrade.localhost',
      SECRET_KEY: randomBytes(32).toString('base64url'),
      DATABASE_URL: database.url,
      SESSION_STORE: kind,
      REDIS_URL: redis?.url ?? '',
      AUTH_STRATEGIES: 'session,jwt',
      MIGRATE_ON_START: 'false',
      MANAGEMENT_PORT: '0',
      // Every person sits at an address of their own.
      TRUSTED_PROXIES: '127.0.0.1',
      PASSWORD_HASH_MEMORY_KIB: '64',
    };
    const start = (build: string) => ServiceProcess.start(build, environment);
    await ServiceProcess.finish(previous.folder, MIGRATE, environment);
    const old = await Promise.all(Array.from({ length: SIZE }, () => start(previous.folder)));
    const clients = new Clients(await people.make(PEOPLE), [...old]);
    clients.begin();
    await clients.goOn();

    // First the database, which the old nodes must not notice.
    await ServiceProcess.finish(TODAY, MIGRATE, environment);
    await clients.goOn();
    // One of them crashes now: its version must still start.
    const [crashed] = clients.rotation.splice(0, 1);
    await crashed!.stop();
    clients.rotation.push(await start(previous.folder));
    await clients.goOn();

    // Then node by node.
    for (const leaving of [...clients.rotation]) {
      clients.rotation.push(await start(TODAY));
      await clients.goOn();
      clients.rotation.splice(clients.rotation.indexOf(leaving), 1);
      expect(await leaving.stop()).toBe(0);
      await clients.goOn();
    }
    const kept = await clients.end();
    expect(clients.complaints).toEqual([]);
    expect(kept).toBeGreaterThanOrEqual(PEOPLE);
    expect(clients.done.logouts).toBeGreaterThan(PEOPLE);
    expect(clients.done.refusals).toBeGreaterThanOrEqual(clients.done.logouts);
    if (previous.isPrevious) expect(clients.done.refusalsOfOtherVersion).toBeGreaterThan(PEOPLE);
    process.stdout.write(`upgrade, ${kind}: ${JSON.stringify({ ...clients.done, kept })}\n`);
    await Promise.all(clients.rotation.map((node) => node.stop()));
  });
});
