import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AddedWayIn, Bind, Counted, Ending, Period } from '../../../security/holding.js';
import { StatementHolding } from '../../../security/statement-holding.js';
import { Connections } from '../connections/connections.js';
import { deletion, FederatedIdentities } from './federated-identities.js';

/** Linked logins. A login that rests on one is a session, and ends as sessions do. */
@Injectable()
export class FederatedIdentitiesHolding extends StatementHolding {
  readonly name = 'federated_identities';
  readonly column = 'federatedIdentities';

  constructor(
    private readonly identities: FederatedIdentities,
    private readonly connections: Connections,
  ) {
    super();
  }

  statements({ userId, since }: Ending, bind: Bind): readonly string[] {
    const limit = since === undefined ? '' : `AND linked_at >= ${bind(since)}`;
    const meant = `SELECT id FROM coatcheck.federated_identities WHERE user_id = ${bind(userId)} ${limit}`;
    return [
      `DELETE FROM coatcheck.federated_logins WHERE identity_id IN (${meant})`,
      deletion({ userId, since }, bind),
    ];
  }

  override async countHeld({ userId, most }: Counted, tx: EntityManager): Promise<number> {
    const [{ count }] = await tx.query(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM coatcheck.federated_identities WHERE ($1::uuid IS NULL OR user_id = $1) LIMIT $2) linked`,
      [userId, most],
    );
    return count;
  }

  override async addedWithin({ userId, since, before }: Period, tx: EntityManager): Promise<readonly AddedWayIn[]> {
    const linked = (await this.identities.listOf(userId, tx)).filter(
      ({ linkedAt }) => linkedAt >= since && linkedAt < before,
    );
    if (linked.length === 0) return [];
    const slugs = new Map((await this.connections.all()).map(({ id, slug }) => [id, slug]));
    return linked.map(({ connectionId, linkedAt: addedAt }) => {
      const detail = slugs.get(connectionId) ?? connectionId;
      return { kind: 'federated', detail, what: `a linked login with ${detail}`, addedAt };
    });
  }
}
