import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { selected, tableOf } from '../../database/table-of.js';
import { eachRowAlone } from '../../database/unreadable-rows.js';
import { Batcher } from '../../kernel/batcher.js';
import { Clock } from '../../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../../kernel/instant.js';
import { isUuid } from '../../kernel/is-uuid.js';
import type { Kept } from '../../revocation/credential-view.js';
import type { Subject } from '../../revocation/revocation-feed.js';
import { JOINED_USER, joinedUser } from '../../users/joined-user.js';
import { banEndOf, toAuthUser, type UserRecord, UserStore } from '../../users/user.store.js';
import type { FileClient } from './client-file.js';
import { ClientFiles } from './client-files.js';
import { OAuthClientEntity } from './oauth-client.entity.js';
import { type OAuthClient, oauthClient, type SecretHash } from './oauth-client.js';

/** A client as one look found it. */
export interface ClientSnapshot extends Kept {
  readonly client: OAuthClient;
}

type Row = OAuthClientEntity & { readonly globalEpoch: number; readonly revokedJtis: readonly string[] | null };
type KnownOfFile = {
  readonly generation: number;
  readonly removed: boolean;
  readonly hashes: readonly string[] | null;
};
type Found = { readonly row: Row; readonly user: UserRecord | null };

const CONCURRENCY = 3;
/**
 * The row of a client of the file. That it acts for itself needs no confirmation: the file says so. What it got before everyone's
 * end, or before it was put back, is over nevertheless, for its generation has the epoch in it. A node with a later file does not list it: then it
 * is disabled here.
 */
const OF_FILE = `
  SELECT (SELECT epoch FROM coatcheck.global_session_epoch)
           + coalesce((SELECT generation FROM coatcheck.oauth_file_clients WHERE id = $3), 0) AS generation,
         EXISTS (SELECT FROM coatcheck.oauth_file_clients WHERE id = $3 AND removed_at IS NOT NULL) AS removed,
         (SELECT array_agg(jti_hash) FROM coatcheck.oauth_revoked_tokens WHERE owner = $1 AND expires_at > $2) AS hashes`;

/** Loads clients: many requests' in one statement, and their service users in the same where both are in one database. */
@Injectable()
export class ClientSnapshots {
  private readonly batcher = new Batcher(
    eachRowAlone((ids: readonly string[]) => this.findAll(ids)),
    { concurrency: CONCURRENCY },
  );
  private statement: string | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly files: ClientFiles,
    private readonly clock: Clock,
  ) {}

  /** False for what is no id of ours, whatever it is: no store is asked for it. */
  canBeClient(id: unknown): id is string {
    return typeof id === 'string' && (isUuid(id) || this.files.find(id) !== undefined);
  }

  /** No older than the call; null when there is no such client. */
  async load(id: string): Promise<ClientSnapshot | null> {
    const listed = this.files.find(id);
    if (listed) return this.ofFile(listed);
    const found = await this.batcher.load(id);
    if (!found) return null;
    const { row } = found;
    const user = row.serviceUserId === null ? null : (found.user ?? (await this.users.find(row.serviceUserId)));
    // What a secret opened before everyone's end it opens again once an admin has said so.
    const mayAct = row.epoch === row.globalEpoch;
    const { name, origin, metadata, firstParty, requiresPkce, scopes, resources, defaultResource, generation } = row;
    const client = oauthClient({
      ...{ id, name, origin, metadata, firstParty, requiresPkce, defaultResource, generation },
      scopes: scopes && Object.freeze([...scopes]),
      resources: resources && Object.freeze([...resources]),
      secretHashes: secretsOf(row),
      registeredAt: origin === 'registered' ? readInstant(row.createdAt, 'oauth_clients.created_at') : null,
      isDisabled: readInstantOrNull(row.disabledAt, 'oauth_clients.disabled_at') !== null,
      revokedJtis: new Set(row.revokedJtis ?? []),
      ...actingAs(mayAct ? user : null),
    });
    return { subjects: subjectsOf(id, row.serviceUserId), client };
  }

  private async ofFile({ serviceUserId, ...parts }: FileClient): Promise<ClientSnapshot> {
    const user = serviceUserId === null ? null : await this.users.find(serviceUserId);
    const [known]: [KnownOfFile] = await this.dataSource.query(OF_FILE, [
      `client:${parts.id}`,
      this.clock.now(),
      parts.id,
    ]);
    const { generation, removed, hashes } = known;
    const isDisabled = parts.isDisabled || removed;
    const revokedJtis = new Set(hashes ?? []);
    const client = oauthClient({ ...parts, ...actingAs(user), isDisabled, generation, revokedJtis });
    return { subjects: subjectsOf(parts.id, serviceUserId), client };
  }

  private async findAll(ids: readonly string[]): Promise<(Found | null)[]> {
    // Not earlier: a DataSource knows its tables once it is initialised.
    this.statement ??= this.write();
    const rows = await this.dataSource.query<Row[]>(this.statement, [ids, this.clock.now()]);
    const found = new Map(rows.map((row) => [row.id, { row, user: joinedUser(row) }]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private write(): string {
    const clients = tableOf<keyof OAuthClientEntity>(this.dataSource, OAuthClientEntity);
    const { table } = this.users;
    const joins = table?.dataSource === this.dataSource ? table : null;
    const columns = `${selected('held', clients.columns)}, (SELECT epoch FROM coatcheck.global_session_epoch) AS "globalEpoch",
      (SELECT array_agg(jti_hash) FROM coatcheck.oauth_revoked_tokens
        WHERE owner = 'client:' || held.id AND expires_at > $2) AS "revokedJtis"`;
    const from = `${clients.name} held`;
    const where = 'WHERE held.id = ANY ($1::text[]) AND held.deleted_at IS NULL';
    if (!joins) return `SELECT ${columns} FROM ${from} ${where}`;
    const user = selected('service', joins.columns, JOINED_USER);
    return `SELECT ${columns}, ${user} FROM ${from} LEFT JOIN ${joins.name} service ON service.id = held.service_user_id ${where}`;
  }
}

function subjectsOf(id: string, serviceUserId: string | null): Subject[] {
  return serviceUserId === null ? [`client:${id}`] : [`client:${id}`, `user:${serviceUserId}`];
}

function actingAs(user: UserRecord | null): Pick<OAuthClient, 'serviceUser' | 'serviceUserBannedUntil'> {
  if (user?.kind !== 'service') return { serviceUser: null, serviceUserBannedUntil: null };
  const known = toAuthUser(user);
  const serviceUser = Object.freeze({ ...known, roles: Object.freeze([...known.roles]) });
  return { serviceUser, serviceUserBannedUntil: banEndOf(user) };
}

function secretsOf(row: OAuthClientEntity): readonly SecretHash[] {
  // Never null in the table: where it cannot be read, neither can the others, which would then pass for absent.
  readInstant(row.createdAt, 'oauth_clients.created_at');
  const until = readInstantOrNull(row.previousSecretUntil, 'oauth_clients.previous_secret_until');
  const secrets: SecretHash[] = row.secretHash === null ? [] : [{ hash: row.secretHash, until: null }];
  if (row.previousSecretHash !== null && until !== null) secrets.push({ hash: row.previousSecretHash, until });
  return Object.freeze(secrets.map((secret) => Object.freeze(secret)));
}
