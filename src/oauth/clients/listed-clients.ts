import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { transactionAfterLostRaces } from '../../database/lost-races.js';
import { Clock } from '../../kernel/clock.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { isOAuthOn } from '../oauth-options.js';
import { ClientFiles } from './client-files.js';
import { ClientLeftovers } from './client-leftovers.js';

/**
 * Ends clients of the file that it lists no more, or as disabled, as an admin's deletion does: before this node serves, no node accepts what
 * they were granted, also one that began with an earlier file. Put back, they begin with nothing. Commands and workers, which serve nothing,
 * have no say: they may be run without the file.
 */
@Injectable()
export class ListedClients implements OnApplicationBootstrap {
  private readonly isServing: boolean;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly files: ClientFiles,
    private readonly leftovers: ClientLeftovers,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    adapterHost: HttpAdapterHost,
    options: Options,
  ) {
    this.isServing = isOAuthOn(options) && adapterHost.httpAdapter !== undefined;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isServing) return;
    const listed = this.files.all().filter(({ isDisabled }) => !isDisabled);
    // In one order on all nodes that begin together.
    const ids = listed.map(({ id }) => id).sort();
    const announced = await transactionAfterLostRaces(this.dataSource, (tx) => this.note(ids, tx));
    if (announced.length > 0) await this.revocations.settle(announced);
  }

  private async note(ids: readonly string[], tx: EntityManager): Promise<readonly Announcement[]> {
    const [[back], [gone]] = [await putBack(ids, tx), await takenOut(ids, this.clock.now(), tx)];
    for (const { id } of back) await this.leftovers.removeAll(id, tx);
    for (const { id } of gone) {
      const event = { type: 'oauth.client.deleted' as const, userId: null, clientId: id, reason: 'not_listed' };
      await this.audit.record(event, tx);
      await this.leftovers.removeSome(id, tx);
    }
    const announced = [...back, ...gone].map(({ id }): Announcement => ({ subject: `client:${id}`, kind: 'changed' }));
    if (announced.length > 0) await this.revocations.announce(announced, tx);
    return announced;
  }
}

type Changed = [{ readonly id: string }[], number];

/** Those that are listed again. Who is listed for the first time has nothing yet. */
async function putBack(ids: readonly string[], tx: EntityManager): Promise<Changed> {
  const listed = 'SELECT id, 0, NULL FROM unnest($1::text[]) AS id';
  await tx.query(
    `INSERT INTO coatcheck.oauth_file_clients (id, generation, removed_at) ${listed} ON CONFLICT DO NOTHING`,
    [ids],
  );
  return tx.query(
    `UPDATE coatcheck.oauth_file_clients SET removed_at = NULL, generation = generation + 1
      WHERE id = ANY ($1::text[]) AND removed_at IS NOT NULL RETURNING id`,
    [ids],
  );
}

function takenOut(ids: readonly string[], now: Date, tx: EntityManager): Promise<Changed> {
  return tx.query(
    `UPDATE coatcheck.oauth_file_clients SET removed_at = $2
      WHERE NOT id = ANY ($1::text[]) AND removed_at IS NULL RETURNING id`,
    [ids, now],
  );
}
