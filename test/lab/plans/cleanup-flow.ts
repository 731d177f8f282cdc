import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { CLEANUP_TASKS } from '../../../src/cleanup/cleanup-scheduler.js';
import { AUTH_DATA_SOURCE } from '../../../src/database/auth-data-source.js';
import type { CleanupTask } from '../../../src/kernel/cleanup-task.js';
import { AtomicPrimitives } from '../../../src/sessions/atomic-primitives.js';
import type { AuthTestApp } from '../../../src/testing/index.js';

const DAY = 86_400;

/** Deletes what has run out: as every hour, and as after a long pause; both taken back. Sweeps counters and offers. */
export async function cleanup(app: AuthTestApp): Promise<void> {
  const dataSource = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const primitives = app.app.get(AtomicPrimitives, { strict: false });
  for (const now of [app.clock.now(), app.clock.in(DAY)]) {
    const offer = () => primitives.offer(randomUUID(), 1, { now, expiresAt: new Date(now.getTime() + 1) });
    for (let count = 0; count < 210; count++) await offer();
  }
  for (const task of app.app.get<readonly CleanupTask[]>(CLEANUP_TASKS, { strict: false })) {
    for (const days of [0, 30, 400]) {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await task.deleteExpired(runner.manager, app.clock.in(days * DAY), 500);
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
}
