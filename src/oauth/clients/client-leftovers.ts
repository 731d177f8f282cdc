import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import type { CleanupTask } from '../../kernel/cleanup-task.js';
import { Clock } from '../../kernel/clock.js';
import { Revocations } from '../../revocation/revocations.js';
import { OAuthClientEntity } from './oauth-client.entity.js';

/** Rows that go with the client at once; of more, the cleanup takes the rest. */
const AT_ONCE = 1_000;
/** So many are told of in one event. */
const TOGETHER = 100;
const UNUSED_MILLISECONDS = 30 * 86_400_000;

/** Tables in which a client leaves rows. What was issued by a grant expires by itself, and is nothing without it. */
const LEFT_IN = ['oauth_grants', 'oauth_consents'] as const;

/**
 * Deletes what belongs to clients that are gone. A grant of such a client is over as soon as the client is: its rows may follow in batches, so that
 * ending a client does not depend on how many users it had.
 */
@Injectable()
export class ClientLeftovers {
  constructor(
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** Ends a client. The transaction has locked it, and announces it. */
  async bury(id: string, tx: EntityManager): Promise<void> {
    const noSecret = {
      secretHash: null,
      previousSecretHash: null,
      previousSecretUntil: null,
      registrationTokenHash: null,
    };
    await tx.update(OAuthClientEntity, { id }, { ...noSecret, deletedAt: this.clock.now(), unusedSince: null });
    await this.removeSome(id, tx);
  }

  /** Of a client of the file that is gone: the cleanup takes the rest. */
  async removeSome(id: string, tx: EntityManager): Promise<void> {
    await removeRows(id, AT_ONCE, tx);
  }

  /** Before a client of the file is there again. */
  async removeAll(id: string, tx: EntityManager): Promise<void> {
    for (const table of LEFT_IN) await tx.query(`DELETE FROM coatcheck.${table} WHERE client_id = $1`, [id]);
  }

  /** Before a disabled client is enabled: what was granted to it before is over for good. */
  async removeGrants({ id }: Pick<OAuthClientEntity, 'id'>, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM coatcheck.oauth_grants WHERE client_id = $1', [id]);
  }

  /** The tasks for the feature `cleanup`. */
  tasks(): readonly CleanupTask[] {
    return [
      { name: 'oauth_clients (unused)', deleteExpired: (tx, now, limit) => this.buryUnused(tx, now, limit) },
      { name: 'oauth_clients (deleted)', deleteExpired: (tx, _now, limit) => this.removeBuried(tx, limit) },
      { name: 'oauth_file_clients (removed)', deleteExpired: (tx, _now, limit) => this.removeOfUnlisted(tx, limit) },
    ];
  }

  /** Clients that registered themselves and were not used for long. */
  private async buryUnused(tx: EntityManager, now: Date, limit: number): Promise<number> {
    const [rows] = await tx.query<[{ id: string }[]]>(
      `UPDATE coatcheck.oauth_clients SET deleted_at = $2, unused_since = NULL, secret_hash = NULL, registration_token_hash = NULL
        WHERE id = ANY (ARRAY(SELECT id FROM coatcheck.oauth_clients WHERE unused_since < $1
          ORDER BY unused_since LIMIT $3 FOR UPDATE SKIP LOCKED))
        RETURNING id`,
      [new Date(now.getTime() - UNUSED_MILLISECONDS), now, Math.min(limit, TOGETHER)],
    );
    const ended = rows.map(({ id }) => ({ subject: `client:${id}` as const, kind: 'ended' as const }));
    if (ended.length === 0) return 0;
    const clientIds = rows.map(({ id }) => id);
    await this.audit.record({ type: 'oauth.client.deleted', userId: null, reason: 'unused', clientIds }, tx);
    await this.revocations.announce(ended, tx);
    return ended.length;
  }

  /** Of clients that the file lists no more. None of them is put back meanwhile: that waits for the lock. */
  private async removeOfUnlisted(tx: EntityManager, limit: number): Promise<number> {
    const unlisted: { id: string }[] = await tx.query(
      `SELECT id FROM coatcheck.oauth_file_clients unlisted WHERE removed_at IS NOT NULL AND (
         EXISTS (SELECT FROM coatcheck.oauth_grants WHERE client_id = unlisted.id)
         OR EXISTS (SELECT FROM coatcheck.oauth_consents WHERE client_id = unlisted.id))
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    return unlisted[0] ? removeRows(unlisted[0].id, limit, tx) : 0;
  }

  /** One deleted client at a time: its rows, and then its own. */
  private async removeBuried(tx: EntityManager, limit: number): Promise<number> {
    const [buried]: { id: string }[] = await tx.query(
      `SELECT id FROM coatcheck.oauth_clients WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    if (!buried) return 0;
    const removed = await removeRows(buried.id, limit, tx);
    if (removed > 0) return removed;
    await tx.delete(OAuthClientEntity, { id: buried.id });
    return 1;
  }
}

async function removeRows(clientId: string, limit: number, tx: EntityManager): Promise<number> {
  let removed = 0;
  for (const table of LEFT_IN) {
    const [, deleted] = await tx.query<[unknown, number]>(
      `DELETE FROM coatcheck.${table} WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM coatcheck.${table} WHERE client_id = $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [clientId, limit],
    );
    removed += deleted;
  }
  return removed;
}
