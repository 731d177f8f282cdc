import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ensureSchema } from '../src/database/ensure-schema.js';

/** The schema that all tables are in. */
export class DatabaseCreateSchema1795246099900 implements MigrationInterface {
  // TypeORM records it; explicit, so that a minifier cannot change it.
  readonly name = 'DatabaseCreateSchema1795246099900';

  up(runner: QueryRunner): Promise<void> {
    return ensureSchema(runner);
  }

  /** Leaves the schema: an operator may have made it, and the record of the migrations may be in it. */
  async down(): Promise<void> {}
}
