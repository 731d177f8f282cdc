import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { Lockout } from '../login/lockout/lockout.js';
import { PasswordSetup } from '../login/password-setup.js';
import { UnprovenAddresses } from '../login/unproven-addresses.js';
import { Revocations } from '../revocation/revocations.js';
import { AccountSecurity } from '../security/account-security.js';
import { Administrators } from '../users/administrators.js';
import { type UserChanges, type UserRecord, UserStore } from '../users/user.store.js';
import { UserDirectory, type UserQuery, type UserStatus } from '../users/user-directory.js';
import type { Operator } from './operator.js';
import { assertFitsServiceUser } from './service-users.js';

/** A user whom an operator makes. */
export interface UserOrder {
  /** A service user is made by `ServiceUsers`. */
  readonly email: string;
  /** Absent: a link to choose one is mailed. */
  readonly password?: string | undefined;
  readonly name?: string | null | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly emailVerified?: boolean | undefined;
}

/** What an operator may change about a user besides roles and standing. */
export type UserAmendment = Partial<Pick<UserOrder, 'email' | 'name' | 'emailVerified'>>;

/** Which users an operator looks for. */
export interface UserListQuery extends Pick<UserQuery, 'search' | 'before' | 'limit' | 'kind'> {
  readonly status?: UserStatus | undefined;
}

/** A storm locks out many; nobody reads more of them. */
const MOST_LOCKED = 10_000;

/** Users as operators list, make, change and remove them. */
@Injectable()
export class OperatedUsers {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly directory: UserDirectory,
    private readonly administrators: Administrators,
    private readonly passwords: PasswordSetup,
    private readonly addresses: UnprovenAddresses,
    private readonly lockout: Lockout,
    private readonly security: AccountSecurity,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  async list({ status, ...query }: UserListQuery): Promise<UserRecord[]> {
    const now = this.clock.now();
    if (status === 'locked') return this.directory.list({ ...query, among: await this.locked(), now });
    const notAmong = status === 'active' || status === 'unverified' ? await this.locked() : [];
    return this.directory.list({ ...query, status, notAmong, now });
  }

  /** Ids of those who are locked out now. */
  locked(): Promise<string[]> {
    return this.lockout.lockedUsers(MOST_LOCKED);
  }

  /** @throws AuthError `not_found` */
  async get(id: string, within?: EntityManager): Promise<UserRecord> {
    const user = await this.users.find(id, within);
    if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
    return user;
  }

  /** @throws AuthError `conflict` when there is a user of that address; `validation_failed` for the password */
  async create(order: UserOrder, by: Operator): Promise<UserRecord> {
    const { password, name = null, roles = [] } = order;
    const email = canonicalEmail(order.email)!;
    const setPassword = password === undefined ? null : await this.passwords.prepare(password, { email, name });
    const emailVerifiedAt = order.emailVerified ? this.clock.now() : null;
    const make = async (manager: EntityManager) => {
      const user = await this.users.insert({ email, name, roles, emailVerifiedAt }, manager);
      if (!user) throw new AuthError('conflict', { reason: 'address_taken' });
      if (setPassword) await setPassword(user.id, manager);
      else await this.passwords.mailLink(email, manager);
      await this.audit.record({ type: 'users.created', userId: user.id, roles, ...by }, manager);
      return user;
    };
    return this.addresses.claim(email, by, () => this.dataSource.transaction(make));
  }

  /** @throws AuthError `not_found`; `conflict` when the address is somebody else's */
  async amend(id: string, amendment: UserAmendment, by: Operator): Promise<UserRecord> {
    const { email, name, emailVerified } = amendment;
    // A password that anybody may have set is no better for an operator's word about the mailbox.
    if (emailVerified && (await this.addresses.givesWay(await this.get(id)))) return this.vouchFor(id, amendment, by);
    if (email !== undefined) return this.move(id, { email, name, emailVerified }, by);
    await this.dataSource.transaction(async (manager) => {
      const user = await this.get(id, manager);
      if (user.kind === 'service') assertFitsServiceUser({ name, emailVerified }, { isNew: false });
      const changes = { name, ...this.verification(user, emailVerified) };
      await this.audit.record({ type: 'users.amended', userId: id, fields: given(changes), ...by }, manager);
      await this.users.update(id, changes, manager);
      await this.revocations.announce([{ subject: `user:${id}`, kind: 'changed' }], manager);
    });
    await this.revocations.settle([{ subject: `user:${id}`, kind: 'changed' }]);
    return this.get(id);
  }

  /** All that belongs to the user goes too. @throws AuthError `not_found`; `conflict` for oneself and the last administrator */
  async delete(id: string, by: Operator): Promise<void> {
    if (id === by.actorId) throw new AuthError('conflict', { reason: 'operator_deletes_self' });
    await this.security.apply('deleted', { userId: id, ...by }, async (user, tx) => {
      await this.administrators.assertDispensable(user, tx);
      await this.users.delete(id, tx);
    });
  }

  /** Another address: sessions end, and links that were mailed to the old one. */
  private async move(id: string, { email, name, emailVerified }: UserAmendment, by: Operator): Promise<UserRecord> {
    const canonical = canonicalEmail(email)!;
    const change = async (user: UserRecord, tx: EntityManager) => {
      if (user.kind === 'service') assertFitsServiceUser({ email }, { isNew: false });
      const isSame = user.email === canonical;
      const verified = this.verification(user, emailVerified ?? (isSame ? undefined : false));
      await this.users.update(id, { email: canonical, name, ...verified }, tx);
    };
    const params = { userId: id, ...by };
    await this.addresses.claim(canonical, by, () => this.security.apply('email_changed_by_admin', params, change));
    return this.get(id);
  }

  /** Takes an operator's word for the mailbox of a user who registered: all they set up ends, and a link to choose a password is mailed. */
  private async vouchFor(id: string, { email, name }: UserAmendment, by: Operator): Promise<UserRecord> {
    const change = async (user: UserRecord, tx: EntityManager) => {
      if (!(await this.addresses.givesWay(user, tx))) throw new AuthError('conflict', { reason: 'proven_meanwhile' });
      const moved = email === undefined ? {} : { email: canonicalEmail(email)! };
      await this.users.update(id, { ...moved, name, emailVerifiedAt: this.clock.now() }, tx);
    };
    const params = { userId: id, details: { by: 'operator' }, ...by };
    const vouch = () => this.security.apply('mailbox_proven', params, change);
    await (email === undefined ? vouch() : this.addresses.claim(canonicalEmail(email)!, by, vouch));
    return this.get(id);
  }

  private verification({ emailVerifiedAt }: UserRecord, wanted: boolean | undefined): UserChanges {
    if (wanted === undefined || wanted === (emailVerifiedAt !== null)) return {};
    return { emailVerifiedAt: wanted ? this.clock.now() : null };
  }
}

function given(changes: object): string[] {
  return Object.entries(changes).flatMap(([field, value]) => (value === undefined ? [] : [field]));
}
