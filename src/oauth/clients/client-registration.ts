import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/is-uuid.js';
import { secretMatches } from '../../kernel/secret-token.js';
import { Revocations } from '../../revocation/revocations.js';
import { SessionEpochs } from '../../sessions/session-epochs.js';
import { metadataBounds, oauthOptions } from '../oauth-options.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { ClientLeftovers } from './client-leftovers.js';
import { type MintedSecret, mintClientSecret } from './client-secret.js';
import { ClientTable } from './client-table.js';
import { usesSecret } from './metadata-of-proofs.js';
import type { OAuthClientEntity } from './oauth-client.entity.js';
import { plainObject, type RegistrationBounds, type WishedClient, wishedClient } from './registration-metadata.js';
import { noSuchToken, RegistrationRefused } from './registration-refused.js';
import { RegistrationTokens } from './registration-tokens.js';

/** A client that registered itself, and what it is told once. */
export interface RegisteredClient {
  readonly client: OAuthClientEntity;
  readonly oidcScopes: readonly string[];
  /** Absent: it has none, or has been told before. */
  readonly clientSecret?: string | undefined;
  /** By which it reads, changes and deletes itself. Absent: it has it already. */
  readonly registrationToken?: string | undefined;
}

/** Fields that a client may not send in a change (RFC 7592 §2.2). */
const NOT_IN_CHANGES = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/**
 * Clients that register themselves (RFC 7591), and read, change and delete themselves (RFC 7592): their users are always asked for consent. Those
 * that were not used for 30 days are deleted.
 */
@Injectable()
export class ClientRegistration {
  private readonly mode: 'off' | 'token' | 'open';
  private readonly bounds: RegistrationBounds;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly table: ClientTable,
    private readonly tokens: RegistrationTokens,
    private readonly resources: OAuthResources,
    private readonly leftovers: ClientLeftovers,
    private readonly epochs: SessionEpochs,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    options: Options,
  ) {
    const values = options.of(oauthOptions);
    this.mode = values.oauthRegistration;
    this.bounds = { ...metadataBounds(values), mayBeConfidential: this.mode === 'token' };
  }

  /**
   * Registers a client. A token is used up with the registration, or not at all.
   *
   * @param token what the request carried; null: nothing
   * @throws RegistrationRefused
   */
  async register(body: unknown, token: string | null, origin: RequestOrigin | null): Promise<RegisteredClient> {
    if (this.mode === 'off')
      throw new RegistrationRefused(403, 'access_denied', 'clients do not register themselves here');
    if (this.mode === 'token' && token === null) throw noSuchToken();
    const wished = wishedClient(body, this.bounds);
    const offered = await this.offered(wished.scopes);
    // It has named none that there is: it has not narrowed itself.
    const scopes = offered.length > 0 ? offered : null;
    const minted = usesSecret(wished.metadata) ? mintClientSecret() : null;
    const own = mintClientSecret();
    const client = await this.dataSource.transaction(async (tx) => {
      const tokenId = this.mode === 'token' ? await this.tokens.take(token!, tx) : null;
      if (this.mode === 'token' && tokenId === null) throw noSuchToken();
      const row = await this.rowOf(wished, scopes, minted, own, tx);
      await this.table.insert(row, tx);
      const details = { clientId: row.id, name: row.name, tokenId, scopes };
      await this.audit.record({ type: 'oauth.client.registered', userId: null, ...details, origin }, tx);
      return row;
    });
    return { client, oidcScopes: wished.oidcScopes, clientSecret: minted?.secret, registrationToken: own.secret };
  }

  /** @throws RegistrationRefused unless the token is this client's */
  async read(id: string, token: string | null): Promise<RegisteredClient> {
    return { client: await this.proven(id, token), oidcScopes: [] };
  }

  /** Puts what it says in the place of what it said before; returns when no node goes on with that. @throws RegistrationRefused */
  async change(
    id: string,
    token: string | null,
    body: unknown,
    origin: RequestOrigin | null,
  ): Promise<RegisteredClient> {
    const before = await this.proven(id, token);
    const given = plainObject(body);
    assertOwnWords(given, before);
    const mayBeConfidential = this.bounds.mayBeConfidential || before.metadata.token_endpoint_auth_method !== 'none';
    const wished = wishedClient(given, { ...this.bounds, mayBeConfidential });
    const scopes = narrowed(await this.offered(wished.scopes), before.scopes);
    let minted: MintedSecret | null = null;
    const client = await this.changing(id, async (tx) => {
      const now = await this.lockedAndProven(id, token, tx);
      const keepsSecret = usesSecret(wished.metadata);
      minted = keepsSecret && now.secretHash === null ? mintClientSecret() : null;
      const previous = keepsSecret ? {} : { previousSecretHash: null, previousSecretUntil: null };
      const secretHash = keepsSecret ? (minted?.secretHash ?? now.secretHash) : null;
      const row = { ...now, name: wished.name, metadata: wished.metadata, scopes, secretHash, ...previous };
      await this.table.update(row, tx);
      const details = { clientId: id, changed: ['metadata'], isOwn: true };
      await this.audit.record({ type: 'oauth.client.updated', userId: null, ...details, origin }, tx);
      return row;
    });
    return { client, oidcScopes: wished.oidcScopes, clientSecret: (minted as MintedSecret | null)?.secret };
  }

  /** Ends it, with everything that users have granted it. @throws RegistrationRefused */
  async remove(id: string, token: string | null, origin: RequestOrigin | null): Promise<void> {
    await this.proven(id, token);
    await this.changing(id, async (tx) => {
      const { name } = await this.lockedAndProven(id, token, tx);
      await this.leftovers.bury(id, tx);
      await this.audit.record(
        { type: 'oauth.client.deleted', userId: null, clientId: id, name, isOwn: true, origin },
        tx,
      );
    });
  }

  private async proven(id: string, token: string | null): Promise<OAuthClientEntity> {
    const found = isUuid(id) && token !== null ? await this.table.find(id) : null;
    return assertOwn(found, token);
  }

  private async lockedAndProven(id: string, token: string | null, tx: EntityManager): Promise<OAuthClientEntity> {
    return assertOwn(await this.table.findLocked(id, tx), token);
  }

  /** Those that some API has: another server's scope belongs to no API here. */
  private async offered(scopes: readonly string[]): Promise<string[]> {
    const all = scopes.length === 0 ? [] : await this.resources.all();
    return scopes.filter((scope) => all.some((resource) => Object.hasOwn(resource.scopes, scope)));
  }

  private async rowOf(
    { name, metadata }: WishedClient,
    scopes: string[] | null,
    secret: MintedSecret | null,
    own: MintedSecret,
    tx: EntityManager,
  ): Promise<OAuthClientEntity> {
    const now = this.clock.now();
    return {
      ...{
        id: uuidv7({ msecs: now.getTime() }),
        name,
        origin: 'registered',
        metadata,
        createdAt: now,
        unusedSince: now,
      },
      ...{ secretHash: secret?.secretHash ?? null, previousSecretHash: null, previousSecretUntil: null },
      ...{ registrationTokenHash: own.secretHash, firstParty: false, requiresPkce: true, scopes },
      ...{ resources: null, defaultResource: null, serviceUserId: null, epoch: await this.epochs.heldGlobalEpoch(tx) },
      ...{ generation: 1, lastUsedAt: null, disabledAt: null, deletedAt: null },
    };
  }

  private async changing<T>(id: string, change: (tx: EntityManager) => Promise<T>): Promise<T> {
    const announced = [{ subject: `client:${id}` as const, kind: 'changed' as const }];
    const result = await this.dataSource.transaction(async (tx) => {
      const made = await change(tx);
      await this.revocations.announce(announced, tx);
      return made;
    });
    await this.revocations.settle(announced);
    return result;
  }
}

/** Unknown, another's and deleted are one answer. */
function assertOwn(found: OAuthClientEntity | null, token: string | null): OAuthClientEntity {
  const isOwn = token !== null && secretMatches(token, found?.registrationTokenHash ?? null);
  if (!found || !isOwn || found.origin !== 'registered') throw noSuchToken();
  if (found.disabledAt !== null) throw new RegistrationRefused(403, 'access_denied', 'the client is disabled');
  return found;
}

/** @throws RegistrationRefused for what a client may not say of itself, or says wrongly (RFC 7592 §2.2) */
function assertOwnWords(given: Readonly<Record<string, unknown>>, { id, secretHash }: OAuthClientEntity): void {
  const refused = NOT_IN_CHANGES.find((field) => given[field] !== undefined);
  if (refused) throw new RegistrationRefused(400, 'invalid_request', `${refused} must be absent`);
  if (given.client_id !== id)
    throw new RegistrationRefused(400, 'invalid_request', 'client_id must be that of the client');
  const { client_secret: secret } = given;
  if (secret !== undefined && (typeof secret !== 'string' || !secretMatches(secret, secretHash)))
    throw new RegistrationRefused(400, 'invalid_request', 'client_secret must be the secret of the client, or absent');
}

/** The values as an admin has narrowed them, which the client does not widen; null: no admin has. */
function narrowed(wished: readonly string[], before: readonly string[] | null): string[] | null {
  if (before === null) return wished.length > 0 ? [...wished] : null;
  const kept = wished.filter((scope) => before.includes(scope));
  return kept.length > 0 ? kept : [...before];
}
