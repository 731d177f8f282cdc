import { randomUUID } from 'node:crypto';
import { migrations } from '../../../migrations/index.js';
import { freshEmbeddedDatabase } from '../../../test/embedded-database.js';
import { freshDatabase } from '../../../test/real-postgres.js';
import { openDataSource } from '../../database/open-data-source.js';
import { exercisePasskeyStore, type PasskeyStoreSetup } from '../../testing/passkey-store.contract.js';
import { passkeyFeature } from './passkey.feature.js';
import { TypeormPasskeyStore } from './typeorm-passkey.store.js';

async function onDatabase(
  where: { databaseUrl?: string; dataDir: string },
  drop: () => Promise<void>,
): Promise<PasskeyStoreSetup> {
  const entities = [...(passkeyFeature.entities ?? [])];
  const dataSource = await openDataSource({ ...where, poolSize: 10, entities, migrations, migrateOnStart: true });
  return {
    store: new TypeormPasskeyStore(dataSource),
    makeUser: async () => randomUUID(),
    transaction: (work) => dataSource.transaction(work),
    close: () => dataSource.destroy().then(drop),
  };
}

describe('on real PostgreSQL', () => {
  exercisePasskeyStore({ describe, it, expect, beforeAll, afterAll }, async () => {
    const { url, drop } = await freshDatabase();
    return onDatabase({ databaseUrl: url, dataDir: '' }, drop);
  });
});

describe('on embedded PostgreSQL', () => {
  exercisePasskeyStore({ describe, it, expect, beforeAll, afterAll }, async () => {
    const { dataDir, drop } = await freshEmbeddedDatabase();
    return onDatabase({ dataDir }, drop);
  });
});
