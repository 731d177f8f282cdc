import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { WriteBehind } from '../../kernel/write-behind.js';

const HOUR_MILLISECONDS = 3_600_000;
const DELAY_MILLISECONDS = 5_000;
const MOST_REMEMBERED = 100_000;

/** Writes when clients were used, behind the requests. For people to see, and for unused ones to go: nothing is refused by it. */
@Injectable()
export class ClientUsage {
  private readonly waiting: WriteBehind<string, Date>;
  /** When this node noted each last. */
  private readonly noted = new Map<string, number>();

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    const logger = new Logger('oauth');
    this.waiting = new WriteBehind({
      write: (batch) => this.write(batch),
      onFailure: ({ message }) => logger.warn(`the usage of clients could not be stored yet: ${message}`),
      delayMilliseconds: DELAY_MILLISECONDS,
    });
  }

  record(clientId: string, now: Date): void {
    const last = this.noted.get(clientId);
    if (last !== undefined && now.getTime() - last < HOUR_MILLISECONDS) return;
    if (this.noted.size >= MOST_REMEMBERED) this.noted.clear();
    this.noted.set(clientId, now.getTime());
    this.waiting.set(clientId, now);
  }

  /** Writes what waits, before the application ends. */
  end(): Promise<void> {
    return this.waiting.end();
  }

  /** Clients are locked in one order, or two nodes could wait for each other. */
  private write(batch: ReadonlyMap<string, Date>): Promise<unknown> {
    return this.dataSource.query(
      `WITH used AS (SELECT * FROM unnest($1::text[], $2::timestamptz[]) AS u (id, at)),
       locked AS MATERIALIZED (
         SELECT id FROM coatcheck.oauth_clients WHERE id IN (SELECT id FROM used) ORDER BY id FOR NO KEY UPDATE)
       UPDATE coatcheck.oauth_clients c
          SET last_used_at = greatest(c.last_used_at, used.at),
              unused_since = CASE WHEN c.unused_since IS NULL THEN NULL ELSE greatest(c.unused_since, used.at) END
         FROM used JOIN locked ON locked.id = used.id
        WHERE c.id = locked.id`,
      [[...batch.keys()], [...batch.values()]],
    );
  }
}
