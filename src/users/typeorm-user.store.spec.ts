import { migrations } from '../../migrations/index.js';
import { freshEmbeddedDatabase } from '../../test/embedded-database.js';
import { freshDatabase } from '../../test/real-postgres.js';
import { openDataSource } from '../database/open-data-source.js';
import { SystemClock } from '../kernel/clock.js';
import { Revocations } from '../revocation/revocations.js';
import { exerciseUserStore, type UserStoreSetup } from '../testing/user-store.contract.js';
import { TypeormUserStore } from './typeorm-user.store.js';
import { usersFeature } from './users.feature.js';

async function onDatabase(
  where: { databaseUrl?: string; dataDir: string },
  drop: () => Promise<void>,
): Promise<UserStoreSetup> {
  const entities = [...(usersFeature.entities ?? [])];
  const dataSource = await openDataSource({ ...where, poolSize: 10, entities, migrations, migrateOnStart: true });
  const store = new TypeormUserStore(dataSource, new SystemClock(), new Revocations(null));
  return { store, close: () => dataSource.destroy().then(drop) };
}

describe('on real PostgreSQL', () => {
  exerciseUserStore({ describe, it, expect, beforeAll, afterAll }, async () => {
    const { url, drop } = await freshDatabase();
    return onDatabase({ databaseUrl: url, dataDir: '' }, drop);
  });
});

describe('on embedded PostgreSQL', () => {
  exerciseUserStore({ describe, it, expect, beforeAll, afterAll }, async () => {
    const { dataDir, drop } = await freshEmbeddedDatabase();
    return onDatabase({ dataDir }, drop);
  });
});
