import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { causedBy } from '../mail/mail-cause.js';
import { EmailChangeMails } from '../profile/email-change-mails.js';
import { Revocations } from '../revocation/revocations.js';
import { AccountSecurity } from '../security/account-security.js';
import { audited } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { AdminAlerts, isAdmin, markOf } from '../security/admin-alerts.js';
import { KeptAdditions } from '../security/kept-additions.js';
import type { Addition } from '../security/security-mail-templates.js';
import { SecurityNotifications } from '../security/security-notifications.js';
import { UnprovenAddresses } from '../security/unproven-addresses.js';
import { Admins } from '../users/admins.js';
import { EMAIL_CHANGE_UNDO, EmailChanges } from '../users/email-changes.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { requireEmail } from '../users/require-email.js';
import { type UserRecord, UserStore } from '../users/user.store.js';
import type { AdminActor } from './admin-actor.js';

/** Changes to an address; undefined: it stays. */
export interface AddressChanges {
  /** Canonical. */
  readonly email?: string | undefined;
  readonly isVerified?: boolean | undefined;
  /** Changed in the same transaction. */
  readonly name?: string | null | undefined;
}

/**
 * Addresses as admins change them. The account's holder is told at every mailbox it has or had lately, and a proven one can take
 * the change back. The address of another admin is out of reach: its role goes first, which all admins are told.
 */
@Injectable()
export class AdminAddressesService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly unproven: UnprovenAddresses,
    private readonly emailChanges: EmailChanges,
    private readonly kept: KeptAdditions,
    private readonly tokens: MailedTokens,
    private readonly mails: EmailChangeMails,
    private readonly notifications: SecurityNotifications,
    private readonly alerts: AdminAlerts,
    private readonly security: AccountSecurity,
    private readonly actors: ActorsInForce,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** The changes of the request that differ from the present state. A new address is unverified unless told otherwise. */
  changesOf(
    user: UserRecord,
    params: { readonly email?: string | undefined; readonly emailVerified?: boolean | undefined },
  ) {
    const email = canonicalEmail(params.email);
    if (email !== null && email !== user.email) return { email, isVerified: params.emailVerified ?? false };
    const isSame = params.emailVerified === undefined || params.emailVerified === (user.emailVerifiedAt !== null);
    return { email: undefined, isVerified: isSame ? undefined : params.emailVerified };
  }

  /** @throws AuthError `not_found`; `conflict` when the address is another user's or one's own; `forbidden` for an admin's */
  async change(user: UserRecord, changes: AddressChanges, by: AdminActor): Promise<void> {
    const { email, isVerified } = changes;
    const isOnlyVerified = email === undefined && isVerified === true;
    // It would go round the password that its own route asks for; and of the last admin it would be the end.
    if (!isOnlyVerified && user.id === by.actorId) throw new AuthError('conflict', { reason: 'admin_moves_self' });
    // An admin's word about the mailbox says nothing about a password that a stranger may have set.
    const isUnproven = isVerified && (await this.unproven.givesWay(user));
    if (isOnlyVerified && !isUnproven) return this.verify(user.id, changes, by);
    const make = () => (isUnproven ? this.vouchFor(user.id, changes, by) : this.withdraw(user.id, changes, by));
    await (email === undefined ? make() : this.unproven.claim(email, by, make));
  }

  /** Takes an admin's word for the mailbox of a user who registered: all they set up ends, and a link to choose a password is mailed. */
  private async vouchFor(id: string, changes: AddressChanges, by: AdminActor): Promise<void> {
    const params = { userId: id, details: { by: 'admin' }, ...by };
    await this.security.apply('mailbox_proven', params, async (user, tx) => {
      if (!(await this.unproven.givesWay(user, tx))) throw new AuthError('conflict', { reason: 'proven_meanwhile' });
      // Nothing of theirs is kept.
      if (changes.email !== undefined) await this.move(user, changes.email, [], tx);
      await this.users.update(id, this.columnsOf(changes), tx);
    });
  }

  /** Another address, or one that counts as verified no longer. */
  private async withdraw(id: string, changes: AddressChanges, by: AdminActor): Promise<void> {
    const details = (user: UserRecord) => ({ ...markOf(user), fields: fieldsOf(changes) });
    const params = { userId: id, ...by, details, replaces: ['undoLinks'] as const };
    await this.security.apply('email_changed_by_admin', params, async (user, tx) => {
      if (changes.email === undefined) await this.unverify(user, by, tx);
      else await this.move(user, changes.email, await this.kept.allOf(id, this.clock.now(), tx), tx);
      await this.users.update(id, this.columnsOf(changes), tx);
    });
  }

  /** @param additions ways to sign in that stay, by whomever they were set up: the reader of the new mailbox is told of them */
  private async move(
    user: UserRecord,
    newEmail: string,
    additions: readonly Addition[],
    tx: EntityManager,
  ): Promise<void> {
    // As admins cannot be acted as: one who could move the account to a mailbox of theirs would be that admin, in every trace.
    if (isAdmin(user)) throw new AuthError('forbidden', { reason: 'moves_admin' });
    const at = this.clock.now().toISOString();
    const hasProven =
      user.emailVerifiedAt !== null ||
      (user.firstVerifiedAt !== null && !(await this.emailChanges.hasMovedTo(user, tx)));
    const oldEmail = requireEmail(user);
    const told = await this.emailChanges.mailboxesOf(user, tx);
    await this.tokens.consumeAll(user.id, EMAIL_CHANGE_UNDO, tx);
    const change = await this.emailChanges.request({ id: user.id, email: oldEmail }, newEmail, tx, true);
    await this.emailChanges.markMade(change.id, tx);
    if (hasProven) await this.mails.enqueueMade(change, tx);
    // The reader of a mailbox that was never proven is not told where the account went.
    for (const email of told.filter((each) => each !== oldEmail || !hasProven))
      await this.notifications.sendTo('changed-by-admin', { id: user.id, email }, { at, change: 'email_changed' }, tx);
    await this.notifications.sendTo(
      'changed-by-admin',
      { id: user.id, email: newEmail },
      { at, change: 'email_given', additions },
      tx,
    );
  }

  private async unverify(user: UserRecord, by: AdminActor, tx: EntityManager): Promise<void> {
    const values = { at: this.clock.now().toISOString(), change: 'email_unverified' } as const;
    await this.notifications.send('changed-by-admin', user, values, tx);
    await this.tokens.consumeAll(user.id, EMAIL_CHANGE_UNDO, tx);
    if (isAdmin(user)) await this.alerts.send('email_unverified', user, by.actorId, tx);
    await this.admins.assertNotLastAdmin(user, tx);
  }

  /** Ends nothing: users who know the password or read the mailbox can log in. */
  private async verify(id: string, changes: AddressChanges, by: AdminActor): Promise<void> {
    const announcements = [{ subject: `user:${id}`, kind: 'changed' }] as const;
    await this.dataSource.transaction(async (tx) => {
      causedBy(by.origin, tx);
      await this.actors.assert(by, tx, id);
      const user = await this.users.find(id, tx);
      if (!user) throw new AuthError('not_found', { reason: 'no_such_user' });
      const values = { at: this.clock.now().toISOString(), change: 'email_verified' } as const;
      await this.notifications.send('changed-by-admin', user, values, tx);
      if (isAdmin(user)) await this.alerts.send('email_verified', user, by.actorId, tx);
      const event = {
        type: 'user.updated' as const,
        userId: id,
        fields: fieldsOf(changes),
        ...markOf(user),
        ...audited(by),
      };
      await this.audit.record(event, tx);
      await this.users.update(id, this.columnsOf(changes), tx);
      await this.revocations.announce(announcements, tx);
    });
    await this.revocations.settle(announcements);
  }

  private columnsOf({ email, name, isVerified }: AddressChanges) {
    const verified = isVerified === undefined ? {} : { emailVerifiedAt: isVerified ? this.clock.now() : null };
    return { email, name, ...verified };
  }
}

function fieldsOf({ email, isVerified, name }: AddressChanges): string[] {
  const changed = { name, email, emailVerifiedAt: isVerified };
  return Object.entries(changed).flatMap(([field, value]) => (value === undefined ? [] : [field]));
}
