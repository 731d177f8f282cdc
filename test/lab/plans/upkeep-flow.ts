import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import type { Chore } from '../../../src/kernel/chore.js';
import { AtomicPrimitives } from '../../../src/sessions/atomic-primitives.js';
import type { AuthTestApp } from '../../../src/testing/index.js';
import { CHORES } from '../../../src/upkeep/caretaker.js';

const DAY = 86_400;

/** Deletes what has run out: as every hour, and as after a long pause; both taken back. Sweeps counters and offers. */
export async function upkeep(app: AuthTestApp): Promise<void> {
  const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const primitives = app.app.get(AtomicPrimitives, { strict: false });
  for (const now of [app.clock.now(), app.clock.in(DAY)]) {
    const offer = () => primitives.offer(randomUUID(), 1, { now, expiresAt: new Date(now.getTime() + 1) });
    for (let count = 0; count < 210; count++) await offer();
  }
  for (const chore of app.app.get<readonly Chore[]>(CHORES, { strict: false })) {
    for (const days of [0, 30, 400]) {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await chore.tidy(runner.manager, app.clock.in(days * DAY), 500);
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
}
