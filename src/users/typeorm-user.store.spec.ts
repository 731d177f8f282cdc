import { migrations } from '../../migrations/index.js';
import { freshDatabase } from '../../test/real-postgres.js';
import { openDataSource } from '../database/open-data-source.js';
import { SystemClock } from '../kernel/clock.js';
import { Revocations } from '../revocation/revocations.js';
import { exerciseUserStore, type UserStoreSetup } from '../testing/user-store.contract.js';
import { TypeormUserStore } from './typeorm-user.store.js';
import { usersRoom } from './users.room.js';

async function onDatabase(databaseUrl?: string, drop?: () => Promise<void>): Promise<UserStoreSetup> {
  const entities = [...(usersRoom.entities ?? [])];
  const settings = { databaseUrl, dataDir: 'memory://', poolSize: 10, entities, migrations, migrateOnStart: true };
  const dataSource = await openDataSource(settings);
  const store = new TypeormUserStore(dataSource, new SystemClock(), new Revocations(null));
  return { store, close: () => dataSource.destroy().then(drop) };
}

describe('on real PostgreSQL', () => {
  exerciseUserStore({ describe, it, expect, beforeAll, afterAll }, async () => {
    const { url, drop } = await freshDatabase();
    return onDatabase(url, drop);
  });
});

describe('on embedded PostgreSQL', () => {
  exerciseUserStore({ describe, it, expect, beforeAll, afterAll }, () => onDatabase());
});
