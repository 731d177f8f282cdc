import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Batcher } from '../kernel/batcher.js';
import type { UserRecord } from '../users/user.store.js';
import type { EpochInForce } from './live-part.js';
import type { SessionRecord } from './session.store.js';

/**
 * In which epoch a session must have been started to be good. A user's own epoch ends when all their sessions do
 * (`UserStore.beginSessionEpoch`), the epoch of everybody by one statement that touches one row, however many sessions there
 * are. Both only ever grow, so their sum tells a session from before either.
 */
@Injectable()
export class SessionEpochs {
  private readonly readings = new Batcher((asked: readonly null[]) => this.read(asked), { concurrency: 2 });

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The epoch of everybody, no older than the call. */
  ofEverybody(): Promise<number> {
    return this.readings.load(null);
  }

  /** The epoch that sessions of this user are in now. */
  async of(user: Pick<UserRecord, 'sessionEpoch'>): Promise<number> {
    return user.sessionEpoch + (await this.ofEverybody());
  }

  /** Every session from before is over once this has been committed and announced (`EVERYTHING`). */
  async beginForEverybody(within: EntityManager): Promise<void> {
    await within.query('UPDATE session_epoch SET epoch = epoch + 1');
  }

  private async read(asked: readonly null[]): Promise<number[]> {
    const [row]: { epoch: number }[] = await this.dataSource.query('SELECT epoch FROM session_epoch');
    return asked.map(() => row!.epoch);
  }
}

/**
 * Whether a session is of the epoch that its user is in, or the one that was spared when that began. Says nothing of its own end.
 *
 * @param everybody as {@link SessionEpochs.ofEverybody} at the time
 */
export function isOfEpoch(
  session: Pick<SessionRecord, 'id' | 'sessionEpoch'>,
  user: Pick<UserRecord, 'sessionEpoch' | 'sparedSessionId' | 'sparedSessionEpoch'>,
  everybody: number,
): boolean {
  if (session.sessionEpoch === user.sessionEpoch + everybody) return true;
  const { sparedSessionId, sparedSessionEpoch } = user;
  const wasSpared = sparedSessionId === session.id && sparedSessionEpoch !== null;
  return wasSpared && session.sessionEpoch === sparedSessionEpoch + everybody;
}

/** The same, for a store to look by. */
export function inForceOf(
  user: Pick<UserRecord, 'sessionEpoch'> & Partial<Pick<UserRecord, 'sparedSessionId' | 'sparedSessionEpoch'>>,
  everybody: number,
): EpochInForce {
  const { sessionEpoch, sparedSessionId: id = null, sparedSessionEpoch = null } = user;
  const spared = id === null || sparedSessionEpoch === null ? null : { id, epoch: sparedSessionEpoch + everybody };
  return { epoch: sessionEpoch + everybody, spared };
}
