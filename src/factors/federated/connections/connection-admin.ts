import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditSink } from '../../../audit/audit-sink.js';
import { coreOptions } from '../../../config/core-options.js';
import { Options } from '../../../config/options.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { readInstantOrNull } from '../../../kernel/instant.js';
import { audited } from '../../../security/actor.js';
import { FederatedIdentityEntity } from '../identities/federated-identity.entity.js';
import { FederatedEnds } from '../recheck/federated-ends.js';
import { ConnectionEntity } from './connection.entity.js';
import { type ConnectionActor, ConnectionChanges } from './connection-changes.js';
import { ConnectionDomainEntity } from './connection-domain.entity.js';
import { type ConnectionParams, checkedConnection } from './connection-rules.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { ConnectionTable } from './connection-table.js';

/** A change of a connection. Absent fields stay; a setting of null is as if it had never been set. */
export interface ConnectionEdits {
  readonly clientId?: string | undefined;
  /** Null: it has none any more. */
  readonly clientSecret?: string | null | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly disabled?: boolean | undefined;
}

/**
 * Changes connections for admins. Disabled, deleted, or a client by another name, it ends the sessions that rest on logins by it, and is answered
 * when no node accepts them.
 */
@Injectable()
export class ConnectionAdmin {
  private readonly mayBePlain: boolean;

  constructor(
    private readonly table: ConnectionTable,
    private readonly changes: ConnectionChanges,
    private readonly secrets: ConnectionSecrets,
    private readonly ends: FederatedEnds,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.mayBePlain = options.of(coreOptions).nodeEnv !== 'production';
  }

  /** @throws AuthError `validation_failed` with all that is wrong; `conflict` when the slug is taken */
  async create(params: ConnectionParams, by: ConnectionActor): Promise<ConnectionEntity> {
    const settings = this.checked(params);
    this.changes.assertNotOfFile(params.slug);
    const createdAt = this.clock.now();
    const id = uuidv7({ msecs: createdAt.getTime() });
    const { slug, kind, issuer = null, baseUrl = null, clientId, clientSecret = null } = params;
    const row: ConnectionEntity = {
      ...{ id, slug, kind, issuer, baseUrl, clientId, settings, organisationId: null, disabledAt: null },
      ...{ createdAt, updatedAt: createdAt },
      clientSecretSealed: this.sealed(clientSecret, id),
    };
    return this.changes.make(by, async (tx) => {
      await this.table.insert(row, tx);
      const event = { type: 'connection.created' as const, connectionId: id, slug, kind, issuer, ...audited(by) };
      await this.audit.record(event, tx);
      return row;
    });
  }

  /** @throws AuthError `not_found`; `validation_failed`; `conflict` for one of the file */
  async change(id: string, edits: ConnectionEdits, by: ConnectionActor): Promise<ConnectionEntity> {
    this.changes.assertNotOfFile(id);
    const { after, isEnding } = await this.changes.make(by, async (tx) => {
      const before = await this.table.locked(id, tx);
      const after = this.edited(before, edits);
      await this.table.update(after, tx);
      const changed = Object.entries(edits).flatMap(([field, value]) => (value === undefined ? [] : [field]));
      const details = { connectionId: id, slug: after.slug, changed, disabled: after.disabledAt !== null };
      await this.audit.record({ type: 'connection.changed', ...details, ...audited(by) }, tx);
      // Grants of one client are none of another's.
      return { after, isEnding: after.disabledAt !== null || after.clientId !== before.clientId };
    });
    const reason = after.disabledAt === null ? 'federated_client_changed' : 'federated_connection_disabled';
    if (isEnding) await this.ends.end({ connectionId: id }, reason, audited(by));
    return after;
  }

  /** Its linked logins go with it: no other connection will ever have its id. @throws AuthError `not_found`; `conflict` for one of the file */
  async remove(id: string, by: ConnectionActor): Promise<void> {
    this.changes.assertNotOfFile(id);
    await this.changes.make(by, async (tx) => {
      const { slug } = await this.table.locked(id, tx);
      const unlinked = await this.removeAll(id, tx);
      const event = { type: 'connection.deleted' as const, connectionId: id, slug, unlinked, ...audited(by) };
      await this.audit.record(event, tx);
    });
    await this.ends.end({ connectionId: id }, 'federated_connection_removed', audited(by));
  }

  private async removeAll(id: string, tx: EntityManager): Promise<number> {
    await tx.delete(ConnectionDomainEntity, { connectionId: id });
    const { affected } = await tx.delete(FederatedIdentityEntity, { connectionId: id });
    await tx.delete(ConnectionEntity, { id });
    return affected ?? 0;
  }

  private edited(before: ConnectionEntity, edits: ConnectionEdits): ConnectionEntity {
    const { clientId = before.clientId, clientSecret, disabled } = edits;
    const kept = Object.entries({ ...before.settings, ...edits.settings }).filter(
      ([name, value]) => value !== null || edits.settings?.[name] === undefined,
    );
    const hasSecret = before.clientSecretSealed !== null;
    const params = { ...before, clientId, clientSecret, settings: Object.fromEntries(kept) };
    const settings = this.checked(params, hasSecret);
    const wasDisabled = readInstantOrNull(before.disabledAt, 'connections.disabled_at');
    const isDisabled = disabled ?? wasDisabled !== null;
    const now = this.clock.now();
    return {
      ...before,
      ...{ clientId, settings, updatedAt: now, disabledAt: isDisabled ? (wasDisabled ?? now) : null },
      clientSecretSealed: clientSecret === undefined ? before.clientSecretSealed : this.sealed(clientSecret, before.id),
    };
  }

  private sealed(secret: string | null, id: string): string | null {
    return secret === null ? null : this.secrets.seal(secret, id);
  }

  private checked(params: ConnectionParams, hasSecret = false) {
    const { settings, errors } = checkedConnection(params, this.mayBePlain, hasSecret);
    if (settings) return settings;
    throw new AuthError('validation_failed', { reason: 'unfit_connection', errors: errors.slice(0, 20) });
  }
}
