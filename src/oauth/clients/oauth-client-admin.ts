import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { readInstantOrNull } from '../../kernel/instant.js';
import { causedBy } from '../../mail/mail-cause.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { Revocations } from '../../revocation/revocations.js';
import { audited } from '../../security/actor.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { SessionEpochs } from '../../sessions/session-epochs.js';
import { metadataBounds, oauthOptions } from '../oauth-options.js';
import type { ClientActor } from './client-actor.js';
import { ClientFiles } from './client-files.js';
import { ClientLeftovers } from './client-leftovers.js';
import type { ClientParams } from './client-params.js';
import { checkedClient } from './client-rules.js';
import { mintClientSecret } from './client-secret.js';
import { ClientTable, unfit, unfitAll } from './client-table.js';
import { FirstPartyNotifications } from './first-party-notifications.js';
import type { MetadataBounds } from './metadata-fields.js';
import { usesSecret } from './metadata-of-proofs.js';
import { OAuthClientEntity } from './oauth-client.entity.js';

/** A client just made, or given a new secret. */
export interface NewClient {
  readonly client: OAuthClientEntity;
  /** Cannot be shown again. Absent: the client does not use one. */
  readonly clientSecret?: string;
}

/** The changes to a client. An absent property stays. */
export type ClientChanges = Partial<ClientParams> & { readonly disabled?: boolean | undefined };

/** How long the secret before stays good, if nothing is said. */
const OVERLAP_SECONDS = 86_400;

/**
 * Creates and changes clients for admins. Each change is audited in its transaction, and answered when no node goes on with what was before: a client that
 * is disabled or deleted is refused everywhere then, with everything that its users have granted it.
 */
@Injectable()
export class OAuthClientAdmin {
  private readonly bounds: MetadataBounds;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly table: ClientTable,
    private readonly files: ClientFiles,
    private readonly leftovers: ClientLeftovers,
    private readonly notifications: FirstPartyNotifications,
    private readonly actors: ActorsInForce,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.bounds = metadataBounds(options.of(oauthOptions));
  }

  /** @throws AuthError `validation_failed` with all that is wrong */
  async create(params: ClientParams, by: ClientActor): Promise<NewClient> {
    const { metadata, errors } = checkedClient(params, this.bounds);
    if (!metadata) throw unfitAll(errors);
    await this.table.assertOffered(params);
    const createdAt = this.clock.now();
    const id = uuidv7({ msecs: createdAt.getTime() });
    const minted = usesSecret(metadata) ? mintClientSecret() : null;
    const { serviceUserId = null } = params;
    const client = await this.dataSource.transaction(async (tx) => {
      await this.assertMay(by, serviceUserId, tx);
      const row: OAuthClientEntity = {
        ...{ id, name: params.name, origin: 'admin', metadata, createdAt, serviceUserId, generation: 1 },
        ...{ secretHash: minted?.secretHash ?? null, previousSecretHash: null, previousSecretUntil: null },
        ...{ firstParty: params.firstParty ?? false, requiresPkce: params.requirePkce ?? true },
        ...{ scopes: [...(params.scopes ?? [])], resources: [...(params.resources ?? [])] },
        ...{ defaultResource: params.defaultResource ?? null, epoch: await this.epochs.heldGlobalEpoch(tx) },
        ...{ registrationTokenHash: null, lastUsedAt: null, disabledAt: null, unusedSince: null, deletedAt: null },
      };
      await this.table.insert(row, tx);
      causedBy(by.origin, tx);
      await this.notifications.send(null, row, by.actorId, tx);
      const details = { clientId: id, name: row.name, firstParty: row.firstParty, scopes: row.scopes };
      await this.audit.record({ type: 'oauth.client.created', userId: serviceUserId, ...details, ...audited(by) }, tx);
      return row;
    });
    return minted ? { client, clientSecret: minted.secret } : { client };
  }

  /** @throws AuthError `not_found`; `validation_failed`; `conflict` for one of the options' file */
  async change(id: string, changes: ClientChanges, by: ClientActor): Promise<OAuthClientEntity> {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    if (changes.resources !== undefined || changes.scopes !== undefined) await this.assertOffered(id, changes);
    return this.changing(id, async (tx) => {
      await this.assertMay(by, changes.serviceUserId ?? null, tx);
      const before = await this.table.locked(id, tx);
      const after = await this.changed(before, changes, tx);
      if (before.disabledAt !== null && after.disabledAt === null) await this.leftovers.removeGrants(before, tx);
      await this.table.update(after, tx);
      causedBy(by.origin, tx);
      await this.notifications.send(before, after, by.actorId, tx);
      const details = { clientId: id, changed: given.map(([field]) => field), disabled: after.disabledAt !== null };
      const event = { type: 'oauth.client.updated' as const, userId: after.serviceUserId, ...details };
      await this.audit.record({ ...event, ...audited(by) }, tx);
      return after;
    });
  }

  /** Ends the client; its service user stays. @throws AuthError `not_found`; `conflict` for one of the options' file */
  async remove(id: string, by: ClientActor): Promise<void> {
    await this.changing(id, async (tx) => {
      await this.actors.assert(by, tx);
      const client = await this.table.locked(id, tx);
      await this.leftovers.bury(id, tx);
      const event = { type: 'oauth.client.deleted' as const, clientId: id, name: client.name };
      await this.audit.record({ ...event, userId: client.serviceUserId, ...audited(by) }, tx);
    });
  }

  /**
   * A new secret. The one before stays good for the overlap, and no other does. At once (0), it ends the tokens that the client got for itself.
   * After `POST /admin/revoke-all` it is the word by which the client may act for itself again.
   *
   * @throws AuthError `not_found`; `conflict` for one that uses no secret, and for one of the options' file
   */
  async renewSecret(id: string, overlapSeconds: number = OVERLAP_SECONDS, by: ClientActor): Promise<NewClient> {
    const { secret, secretHash } = mintClientSecret();
    const client = await this.changing(id, async (tx) => {
      await this.actors.assert(by, tx);
      const before = await this.table.locked(id, tx);
      if (!usesSecret(before.metadata)) throw new AuthError('conflict', { reason: 'client_without_secret' });
      const isKept = overlapSeconds > 0 && before.secretHash !== null;
      const previous = isKept
        ? { previousSecretHash: before.secretHash, previousSecretUntil: this.clock.in(overlapSeconds) }
        : { previousSecretHash: null, previousSecretUntil: null };
      const after = { ...before, secretHash, ...previous, ...(await this.confirmed(before, !isKept, tx)) };
      await this.table.update(after, tx);
      const event = { type: 'oauth.client.updated' as const, clientId: id, changed: ['secret'], overlapSeconds };
      await this.audit.record({ ...event, userId: after.serviceUserId, ...audited(by) }, tx);
      return after;
    });
    return { client, clientSecret: secret };
  }

  private async changed(
    before: OAuthClientEntity,
    changes: ClientChanges,
    tx: EntityManager,
  ): Promise<OAuthClientEntity> {
    const params = { ...paramsOf(before), ...defined(changes) };
    if (before.origin === 'registered' && params.firstParty)
      throw unfit('firstParty', 'must be false for a client that registered itself: it may change itself');
    const { metadata, errors } = checkedClient(params, this.bounds, before.metadata, before.origin === 'registered');
    if (!metadata) throw unfitAll(errors);
    const wasDisabled = readInstantOrNull(before.disabledAt, 'oauth_clients.disabled_at');
    const { disabled = wasDisabled !== null } = changes;
    const disabledAt = disabled ? (wasDisabled ?? this.clock.now()) : null;
    const noSecret = { secretHash: null, previousSecretHash: null, previousSecretUntil: null };
    const isOtherUser = params.serviceUserId !== before.serviceUserId;
    const isConfirmed = changes.serviceUserId !== undefined;
    const isEnded = isOtherUser || (disabled && wasDisabled === null);
    return {
      ...before,
      ...{ name: params.name, metadata, firstParty: params.firstParty, requiresPkce: params.requirePkce },
      ...{ scopes: params.scopes && [...params.scopes], resources: params.resources && [...params.resources] },
      ...{ defaultResource: params.defaultResource, serviceUserId: params.serviceUserId, disabledAt },
      ...(usesSecret(metadata) ? {} : noSecret),
      ...(isConfirmed ? await this.confirmed(before, isEnded, tx) : {}),
      ...(isEnded ? { generation: before.generation + 1 } : {}),
    };
  }

  /** From now on it may act for itself, as of this epoch; tokens from before the last one are not to be good again by it. */
  private async confirmed(
    { epoch: before, generation }: OAuthClientEntity,
    isEnded: boolean,
    tx: EntityManager,
  ): Promise<Pick<OAuthClientEntity, 'epoch' | 'generation'>> {
    const epoch = await this.epochs.heldGlobalEpoch(tx);
    // As far as the epochs are apart: after a restored backup it must not meet one that was reached before the loss.
    return { epoch, generation: generation + Math.max(isEnded ? 1 : 0, epoch - before) };
  }

  private async assertMay(by: ClientActor, serviceUserId: string | null, tx: EntityManager): Promise<void> {
    await this.actors.assert(by, tx, serviceUserId ?? undefined);
    if (serviceUserId !== null) await this.table.assertServiceUser(serviceUserId, tx);
  }

  private async assertOffered(id: string, { resources, scopes }: ClientChanges): Promise<void> {
    const before = await this.dataSource.manager.findOneBy(OAuthClientEntity, { id });
    // What the client has already may be of an API that is gone.
    const { resources: held = [], scopes: heldScopes = [] } = before ?? {};
    const wanted = { resources: resources === undefined ? held : resources, scopes };
    await this.table.assertOffered(wanted, { resources: held, scopes: heldScopes });
  }

  /** `change`, announced in its transaction; returns when no node answers from before it. */
  private async changing<T>(id: string, change: (tx: EntityManager) => Promise<T>): Promise<T> {
    if (this.files.find(id)) throw new AuthError('conflict', { reason: 'client_of_the_file' });
    const announced: Announcement[] = [{ subject: `client:${id}`, kind: 'changed' }];
    let result: T;
    try {
      result = await this.dataSource.transaction(async (tx) => {
        const made = await change(tx);
        await this.revocations.announce(announced, tx);
        return made;
      });
    } catch (error) {
      // Another caller may have deleted it just now: "there is none" is answered only once that holds on every node.
      if (error instanceof AuthError && error.code === 'not_found') await this.revocations.confirm([]);
      throw error;
    }
    await this.revocations.settle(announced);
    return result;
  }
}

/** The parameters of a client that are no metadata, as admins give them. */
function paramsOf(row: OAuthClientEntity) {
  const { name, metadata, firstParty, scopes, resources, defaultResource, serviceUserId } = row;
  const type: ClientParams['type'] = metadata.token_endpoint_auth_method === 'none' ? 'public' : 'confidential';
  return { name, type, firstParty, requirePkce: row.requiresPkce, scopes, resources, defaultResource, serviceUserId };
}

function defined(changes: ClientChanges): Defined<ClientChanges> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
