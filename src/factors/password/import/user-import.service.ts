import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AuditSink } from '../../../audit/audit-sink.js';
import { Enrolments } from '../../../credentials/enrolments.js';
import type { Factor } from '../../../credentials/factor.js';
import { Factors } from '../../../credentials/factors.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { Clock } from '../../../kernel/clock.js';
import { canonicalEmail } from '../../../kernel/email-address.js';
import { Catalogue } from '../../../languages/catalogue.js';
import { type Actor, audited } from '../../../security/actor.js';
import { ActorsInForce } from '../../../security/actors-in-force.js';
import { AdminAlerts, isAdmin } from '../../../security/admin-alerts.js';
import { UnprovenAddresses } from '../../../security/unproven-addresses.js';
import { canonicalUsername } from '../../../usernames/username.js';
import { Usernames } from '../../../usernames/usernames.js';
import { DeclaredUserFields } from '../../../users/declared-user-fields.js';
import { MailboxPolicy } from '../../../users/mailbox-policy.js';
import { UserStore } from '../../../users/user.store.js';
import { PasswordStore } from '../password.store.js';
import { PasswordHashes } from '../password-hashes.js';

/** A user of another system. Nothing about it is checked but its types. */
export interface ImportedUser {
  readonly email: string;
  readonly emailVerified?: boolean;
  readonly name?: string | null;
  /** As `canonicalUsername` takes it, in whatever case, where usernames are switched on; absent: none. */
  readonly username?: string;
  /** Tag of a language that there is; null or absent: none. */
  readonly language?: string | null;
  readonly roles?: readonly string[];
  /** As the other system stores it; absent: the user must reset the password. */
  readonly passwordHash?: string;
  /** A UUID, which the user keeps; absent: a new one. */
  readonly id?: string;
  /** RFC 3339; absent, or in the future: now. */
  readonly createdAt?: string;
  readonly banned?: boolean;
  /** RFC 3339; absent: the ban does not expire. */
  readonly bannedUntil?: string;
  readonly banReason?: string;
  /** By the name of the factor, as its `Factor.importOne` reads it: `{ totp: { secret: '…' } }`. */
  readonly factors?: Readonly<Record<string, unknown>>;
  /** The declared fields, by name; each may be absent. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A row that was left out. */
export interface RefusedRow {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** `taken`: there is such a user, by address or id, who was left alone. */
  readonly reason:
    | 'not_an_address'
    | 'unknown_hash'
    | 'fields_refused'
    | 'unknown_language'
    | 'mailbox_refused'
    | 'factor_refused'
    | 'username_refused'
    | 'taken';
}

/** Result of an import. */
export interface ImportReport {
  readonly imported: number;
  readonly refused: readonly RefusedRow[];
}

interface ImportRow {
  readonly user: ImportedUser;
  readonly index: number;
}

/** Who imports users, for the audit. */
export interface Importer extends Pick<Actor, 'actorSession'> {
  readonly actorId: string | null;
  readonly origin: RequestOrigin | null;
}

/** Imports users of another system with their password hashes. Each logs in with the old password, and their hash is replaced then. */
@Injectable()
export class UserImportService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly hashes: PasswordHashes,
    private readonly addresses: UnprovenAddresses,
    private readonly alerts: AdminAlerts,
    private readonly actors: ActorsInForce,
    private readonly mailboxes: MailboxPolicy,
    private readonly declared: DeclaredUserFields,
    private readonly catalogue: Catalogue,
    private readonly factors: Factors,
    private readonly usernames: Usernames,
    private readonly enrolments: Enrolments,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Imports what can be imported, and says of the rest why not. All in one transaction: after a failure the same list can be
   * sent again, and so it can after a success (then all are `taken`). Users who registered by themselves and never proved their mailbox
   * give way: those rows follow in a second transaction.
   */
  async import(users: readonly ImportedUser[], importer: Importer): Promise<ImportReport> {
    const rows = users.map((user, index) => ({ user, index }));
    const refused = await this.importAll(rows, importer);
    const freed = new Set<number>();
    for (const { index, reason } of refused) {
      const { id, email } = users[index]!;
      // By its id, which no deletion would set free.
      if (reason !== 'taken' || (id !== undefined && (await this.users.find(id)) !== null)) continue;
      const isFree = await this.addresses.free(canonicalEmail(email)!, importer);
      if (isFree) freed.add(index);
    }
    const again = rows.filter(({ index }) => freed.has(index));
    const still = refused.filter(({ index }) => !freed.has(index));
    if (again.length > 0) still.push(...(await this.importAll(again, importer)));
    still.sort((one, other) => one.index - other.index);
    return { imported: users.length - still.length, refused: await this.withoutThoseHere(still, users) };
  }

  /** A user who is there already has the name perhaps. Asked after the transactions: beside one, it would wait for a connection that this has. */
  private async withoutThoseHere(
    refused: readonly RefusedRow[],
    users: readonly ImportedUser[],
  ): Promise<RefusedRow[]> {
    const told: RefusedRow[] = [];
    for (const { index, reason } of refused) {
      const isHere = reason === 'username_refused' && (await this.isTaken(users[index]!));
      told.push({ index, reason: isHere ? 'taken' : reason });
    }
    return told;
  }

  /**
   * What {@link import} would answer, and nothing is written. Of two rows with one address, id or username it refuses the second only if
   * they are in one list.
   */
  async check(users: readonly ImportedUser[]): Promise<ImportReport> {
    const refused: RefusedRow[] = [];
    const seen = new Set<string>();
    const names = new Set<string | null>();
    for (const [index, user] of users.entries()) {
      const read = await this.read(user);
      const username = canonicalUsername(user.username);
      const keys = [canonicalEmail(user.email) ?? '', ...(user.id === undefined ? [] : [user.id.toLowerCase()])];
      const isTaken = typeof read !== 'string' && (keys.some((key) => seen.has(key)) || (await this.isTaken(user)));
      if (typeof read === 'string') refused.push({ index, reason: read });
      else if (isTaken) refused.push({ index, reason: 'taken' });
      else if (names.has(username) || (await this.isUsernameRefused(user, this.dataSource.manager)))
        refused.push({ index, reason: 'username_refused' });
      else {
        for (const key of keys) seen.add(key);
        if (username !== null) names.add(username);
      }
    }
    return { imported: users.length - refused.length, refused };
  }

  /** Whether a user has the address or the id who does not give way. */
  private async isTaken({ id, email }: ImportedUser): Promise<boolean> {
    if (id !== undefined && (await this.users.find(id)) !== null) return true;
    const holder = await this.users.findByEmail(canonicalEmail(email)!);
    return holder !== null && !(await this.addresses.givesWay(holder));
  }

  private async isUsernameRefused({ id, username }: ImportedUser, within: EntityManager): Promise<boolean> {
    return username !== undefined && !(await this.usernames.isFree(username, id, within));
  }

  private importAll(rows: readonly ImportRow[], importer: Importer): Promise<RefusedRow[]> {
    return this.dataSource.transaction(async (manager) => {
      await this.actors.assert(importer, manager);
      const refused: RefusedRow[] = [];
      for (const { user, index } of rows) {
        const reason = await this.importOne(user, importer, manager);
        if (reason) refused.push({ index, reason });
      }
      return refused;
    });
  }

  private async importOne(user: ImportedUser, importer: Importer, manager: EntityManager) {
    const read = await this.read(user);
    if (typeof read === 'string') return read;
    const { email, fields, factors } = read;
    const { passwordHash, name = null, language = null, roles = [], username } = user;
    if (await this.isUsernameRefused(user, manager)) return 'username_refused';
    const now = this.clock.now();
    const emailVerifiedAt = user.emailVerified ? now : null;
    const created = await this.users.insert(
      { email, name, language, roles, emailVerifiedAt, fields, ...keptOf(user, now) },
      manager,
    );
    if (!created) return 'taken';
    if (passwordHash !== undefined) {
      await this.passwords.set({ userId: created.id, passwordHash, changedAt: now }, manager);
    }
    if (username !== undefined) await this.usernames.take(created.id, username, false, manager);
    for (const { factor, write } of factors) {
      await write(created.id, manager);
      await this.enrolments.note(created.id, factor, manager);
    }
    await this.audit.record({ type: 'user.imported', userId: created.id, roles, ...audited(importer) }, manager);
    if (isAdmin(created)) await this.alerts.send('made_admin', created, importer.actorId, manager);
    return null;
  }

  /** What is written of a user, or why nothing is. */
  private async read(user: ImportedUser) {
    const email = canonicalEmail(user.email);
    if (email === null) return 'not_an_address';
    if (await this.mailboxes.refusalOf(email, 'import')) return 'mailbox_refused';
    const { passwordHash, language = null } = user;
    if (language !== null && !this.catalogue.languages.includes(language)) return 'unknown_language';
    if (passwordHash !== undefined && !this.hashes.canVerify(passwordHash)) return 'unknown_hash';
    const fields = await this.declared.parse(user.fields ?? {}).catch(() => null);
    if (fields === null) return 'fields_refused';
    const factors = this.factorsOf(user.factors ?? {});
    return factors === null ? 'factor_refused' : { email, fields, factors };
  }

  /** How each is written; null when one cannot be taken over. */
  private factorsOf(given: Readonly<Record<string, unknown>>) {
    const taken: { factor: Factor; write: (userId: string, within: EntityManager) => Promise<void> }[] = [];
    for (const [name, one] of Object.entries(given)) {
      const factor = this.factors.find(name);
      const write = factor?.importOne(one);
      if (!factor || !write) return null;
      taken.push({ factor, write });
    }
    return taken;
  }
}

/** The properties that a user keeps besides. */
function keptOf({ id, createdAt, banned, bannedUntil, banReason }: ImportedUser, now: Date) {
  const created = createdAt === undefined ? now : new Date(Math.min(Date.parse(createdAt), now.getTime()));
  const until = bannedUntil === undefined ? null : new Date(bannedUntil);
  const ban = banned ? { bannedAt: now, bannedUntil: until, banReason: banReason ?? null } : {};
  return { ...(id !== undefined && { id }), createdAt: created, ...ban };
}
