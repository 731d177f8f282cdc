import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Batcher } from '../kernel/batcher.js';
import type { UserRecord } from '../users/user.store.js';
import type { EpochInForce } from './live-part.js';
import type { SessionRecord } from './session.store.js';

/**
 * In which epoch a session must have been started to be good. A user's own epoch ends when all their sessions do
 * (`UserStore.beginSessionEpoch`), the global session epoch by one statement that touches one row, however many sessions there
 * are. Both only ever grow, so their sum tells a session from before either.
 */
@Injectable()
export class SessionEpochs {
  private readonly batcher = new Batcher((requested: readonly null[]) => this.read(requested), { concurrency: 2 });

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** The global session epoch, no older than the call. */
  globalEpoch(): Promise<number> {
    return this.batcher.load(null);
  }

  /** The same, which does not end before the transaction does. */
  async heldGlobalEpoch(within: EntityManager): Promise<number> {
    const [row]: { epoch: number }[] = await within.query('SELECT epoch FROM coatcheck.global_session_epoch FOR SHARE');
    return row!.epoch;
  }

  /** The user's own and the global epoch, added: what sessions of this user that start now are told from older ones by. */
  async sumOf(user: Pick<UserRecord, 'sessionEpoch'>): Promise<number> {
    return user.sessionEpoch + (await this.globalEpoch());
  }

  /**
   * Lets no other transaction advance the global session epoch until this one ends. To be called before anything that holds the epoch
   * (`ActorsInForce`): of two that hold it, each would wait for the other to advance it.
   */
  async reserveAdvance(within: EntityManager): Promise<void> {
    await within.query(`SELECT pg_advisory_xact_lock(hashtextextended('global_session_epoch', 0))`);
  }

  /** Every session from before is over once this has been committed and announced (`EVERYTHING`). */
  async advanceGlobalEpoch(within: EntityManager): Promise<void> {
    await within.query('UPDATE coatcheck.global_session_epoch SET epoch = epoch + 1');
  }

  private async read(requested: readonly null[]): Promise<number[]> {
    const [row]: { epoch: number }[] = await this.dataSource.query('SELECT epoch FROM coatcheck.global_session_epoch');
    return requested.map(() => row!.epoch);
  }
}

/**
 * Whether a session is of the epochs that its user is in, or the one that was spared when that began. Says nothing of its own end.
 *
 * @param globalEpoch as {@link SessionEpochs.globalEpoch} at the time
 */
export function isOfEpoch(
  session: Pick<SessionRecord, 'id' | 'epochSum'>,
  user: Pick<UserRecord, 'sessionEpoch' | 'exceptSessionId' | 'exceptSessionEpoch'>,
  globalEpoch: number,
): boolean {
  if (session.epochSum === user.sessionEpoch + globalEpoch) return true;
  const { exceptSessionId, exceptSessionEpoch } = user;
  const wasExcepted = exceptSessionId === session.id && exceptSessionEpoch !== null;
  return wasExcepted && session.epochSum === exceptSessionEpoch + globalEpoch;
}

/** The epochs and the spared session by which a store tells which sessions are in force. */
export function inForceOf(
  user: Pick<UserRecord, 'sessionEpoch'> & Partial<Pick<UserRecord, 'exceptSessionId' | 'exceptSessionEpoch'>>,
  globalEpoch: number,
): EpochInForce {
  const { sessionEpoch, exceptSessionId: id = null, exceptSessionEpoch = null } = user;
  const excepted =
    id === null || exceptSessionEpoch === null ? null : { id, epochSum: exceptSessionEpoch + globalEpoch };
  return { epochSum: sessionEpoch + globalEpoch, excepted };
}
