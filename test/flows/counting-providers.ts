import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import type { Provider } from '@nestjs/common';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Clock } from '../../src/kernel/clock.js';
import { SnapshotSource } from '../../src/revocation/session-view.js';
import { ActingSessions } from '../../src/sessions/acting-sessions.js';
import { SessionStore } from '../../src/sessions/session.store.js';
import { SessionClaims } from '../../src/sessions/session-claims.js';
import { SessionEpochs } from '../../src/sessions/session-epochs.js';
import { StoredSnapshots } from '../../src/sessions/session-snapshot.source.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';

/**
 * For a service whose calls are counted. A node that computes nothing for longer than its lease, on a starved machine, has to ask again, as it
 * must; jobs and notices ask for themselves.
 */
export const UNDISTURBED = { nodeLeaseSeconds: 60, mailPollSeconds: 3600, newDeviceNotice: false } as const;

/**
 * Counts every call of a request to a store: snapshots through the contract, statements through the pool. Only calls of what begins while it
 * counts: what an earlier request has left to be done, on a busy machine much later, is none of them, and neither is what a timer begins.
 */
export class StoreCalls {
  private calls = 0;
  /** One for each time that it counts. */
  private readonly begun = new AsyncLocalStorage<symbol>();
  private counting: symbol | undefined;

  /** To be given to the service; what they count it counts of one that is watched, as below. */
  readonly providers: Provider[] = [
    {
      provide: SnapshotSource,
      inject: [SessionStore, UserStore, SessionEpochs, ActingSessions, Clock, SessionClaims],
      useFactory: (
        sessions: SessionStore,
        users: UserStore,
        epochs: SessionEpochs,
        acting: ActingSessions,
        clock: Clock,
        claims: SessionClaims,
      ) =>
        new StoredSnapshots(this.counted(sessions), this.counted(users), this.counted(epochs), acting, clock, claims),
    },
  ];

  /** Counts whatever the application's pool is asked as well. The lease has a connection of its own. */
  watch(app: AuthTestApp): void {
    const dataSource = app.app.get(AUTH_DATA_SOURCE, { strict: false });
    const pool = dataSource.driver.master as { connect(...given: unknown[]): unknown };
    const connect = pool.connect.bind(pool);
    pool.connect = (...given) => {
      this.count();
      return connect(...given);
    };
    // A request knows nothing of who sends it, also in one process: it belongs to those that are counted by when it arrives.
    const server = app.app.getHttpServer() as Server;
    const emit = server.emit.bind(server) as (...given: unknown[]) => boolean;
    server.emit = (...given: unknown[]) =>
      given[0] === 'request' ? this.begun.run(this.counting as symbol, () => emit(...given)) : emit(...given);
  }

  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.calls;
    const counting = Symbol('counting');
    this.counting = counting;
    await this.begun.run(counting, work).finally(() => {
      this.counting = undefined;
    });
    return this.calls - before;
  }

  private count(): void {
    if (this.counting !== undefined && this.begun.getStore() === this.counting) this.calls += 1;
  }

  private counted<T extends object>(store: T): T {
    return new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          this.count();
          return member.apply(target, given);
        };
      },
    });
  }
}
