import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { clockDifference } from '../../src/database/clock-difference.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { entities } from '../../src/features.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const machine = Date.now;

describe('a node whose clock is not the database’s', () => {
  let database: TestDatabase;
  const open: DataSource[] = [];
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const one of open.splice(0)) await one.destroy();
  });
  afterAll(() => database.drop());

  const start = async (apartMilliseconds: number) => {
    const said: string[] = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((text) => void said.push(String(text)));
    jest.spyOn(Date, 'now').mockImplementation(() => machine() + apartMilliseconds);
    const values = { databaseUrl: database.url, dataDir: '', poolSize: 2, migrateOnStart: true };
    open.push(await openDataSource({ ...values, entities, migrations }));
    return said.filter((text) => text.includes('clock'));
  };

  it.each([
    ['ahead', 6_500],
    ['behind', -6_500],
  ])('says at its start that it is %s, and what to do; it starts all the same', async (_way, apart) => {
    expect(await start(apart)).toEqual([expect.stringMatching(/differs .* by [67] s.*Remedy: synchronize/)]);
  });

  it('says nothing while two such nodes are within the ten seconds that are forgiven', async () => {
    expect(await start(4_000)).toEqual([]);
  });

  it('does not take the time that asking takes for a difference', async () => {
    await start(0);
    const [dataSource] = open as [DataSource];
    const times = [machine() - 60_000, machine() + 60_000];
    expect(await clockDifference(dataSource, () => times.shift()!)).toBe(0);
  });
});
