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

/** Counts every call of a request to a store: snapshots through the contract, statements through the pool. */
export class StoreCalls {
  private calls = 0;
  private isCounting = false;

  /** To be given to the service. */
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
      // A stack is dear: none is taken for what nobody counts.
      if (this.isCounting && !isOfAJob()) this.calls += 1;
      return connect(...given);
    };
  }

  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.calls;
    this.isCounting = true;
    await work().finally(() => {
      this.isCounting = false;
    });
    return this.calls - before;
  }

  private counted<T extends object>(store: T): T {
    return new Proxy(store, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          this.calls += 1;
          return member.apply(target, given);
        };
      },
    });
  }
}

/** Jobs look for work now and then, whatever is asked meanwhile. */
function isOfAJob(): boolean {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 60;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return /\/src\/jobs\//.test(stack);
}
