import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Revocations } from '../../../revocation/revocations.js';
import type { Actor } from '../../../security/actor.js';
import { ActorsInForce } from '../../../security/actors-in-force.js';
import { ConnectionFile } from './connection-file.js';
import { CONNECTIONS_CHANGED } from './connections.js';

/** Who changes connections. */
export interface ConnectionActor extends Pick<Actor, 'actorSession'> {
  readonly actorId: string | null;
  readonly origin: RequestOrigin | null;
}

/** Changes of connections: each is in one transaction, and answered when no node goes on with what was before. */
@Injectable()
export class ConnectionChanges {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly file: ConnectionFile,
    private readonly actors: ActorsInForce,
    private readonly revocations: Revocations,
  ) {}

  /** @throws AuthError what `change` throws; `session_ended` or `forbidden` when the acting admin may no longer do so */
  async make<T>(by: ConnectionActor, change: (tx: EntityManager) => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await this.dataSource.transaction(async (tx) => {
        await this.actors.assert(by, tx);
        const made = await change(tx);
        await this.revocations.announce([CONNECTIONS_CHANGED], tx);
        return made;
      });
    } catch (error) {
      // Another caller may have deleted it just now: "there is none" is answered only once that holds on every node.
      if (error instanceof AuthError && error.code === 'not_found') await this.revocations.confirm([]);
      throw error;
    }
    await this.revocations.settle([CONNECTIONS_CHANGED]);
    return result;
  }

  /** @param name id or slug. @throws AuthError `conflict` for a connection of the file */
  assertNotOfFile(name: string): void {
    if (this.file.has(name)) throw new AuthError('conflict', { reason: 'connection_of_the_file' });
  }
}
