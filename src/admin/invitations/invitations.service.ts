import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type AuditOrigin, AuditSink } from '../../audit/audit-sink.js';
import { PasswordSetup } from '../../credentials/password-setup.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalEmail } from '../../kernel/email-address.js';
import { parseSecretToken, type SecretToken } from '../../kernel/secret-token.js';
import type { UserFieldValues } from '../../kernel/user-fields.js';
import { causedBy } from '../../mail/mail-cause.js';
import { audited } from '../../security/actor.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { AdminAlerts, isAdmin } from '../../security/admin-alerts.js';
import { UnprovenAddresses } from '../../security/unproven-addresses.js';
import { merged } from '../../users/declared-user-fields.js';
import { MailboxPolicy } from '../../users/mailbox-policy.js';
import { isBanned, UserStore } from '../../users/user.store.js';
import type { AdminActor } from '../admin-actor.js';
import type { InvitationEntity } from './invitation.entity.js';
import { InvitationMails } from './invitation-mails.js';
import { Invitations } from './invitations.js';

/** Someone whom an admin invites. */
export interface InviteParams {
  readonly email: string;
  readonly name?: string | null | undefined;
  readonly roles?: readonly string[] | undefined;
  /** Validated. */
  readonly fields?: UserFieldValues | undefined;
}

/** The choices of an invited person. */
export interface AcceptParams {
  readonly token: string;
  readonly password: string;
  /** Absent: the one that the invitation names. */
  readonly name?: string | null | undefined;
  /** Validated; each in place of the one that the invitation names. */
  readonly fields?: UserFieldValues | undefined;
}

/** Invites people, who become users by following the link in their mailbox: it is proven by it. */
@Injectable()
export class InvitationsService {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly invitations: Invitations,
    private readonly mails: InvitationMails,
    private readonly users: UserStore,
    private readonly passwords: PasswordSetup,
    private readonly addresses: UnprovenAddresses,
    private readonly mailboxes: MailboxPolicy,
    private readonly actors: ActorsInForce,
    private readonly alerts: AdminAlerts,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails an invitation, which ends an older one to the same address.
   *
   * @throws AuthError `conflict` when a user has proven the address, or an admin gave it; `validation_failed` for one that is not taken
   */
  async invite(params: InviteParams, by: AdminActor): Promise<InvitationEntity> {
    const email = canonicalEmail(params.email)!;
    await this.mailboxes.assertTaken(email, 'admin');
    const { name = null, roles = [] } = params;
    const fields = merged(null, params.fields ?? {});
    return this.dataSource.transaction(async (tx) => {
      causedBy(by.origin, tx);
      await this.actors.assert(by, tx);
      const holder = await this.users.findByEmail(email, tx);
      if (holder && !(await this.addresses.givesWay(holder, tx)))
        throw new AuthError('conflict', { reason: 'address_taken' });
      const made = await this.invitations.add({ email, name, roles, fields, invitedBy: by.actorId }, tx);
      await this.mails.enqueue(made.id, tx);
      // Now, for it outlives the session: a thief of the session could wait until its owner has recovered.
      if (roles.includes(ADMIN_ROLE)) await this.alerts.send('invited_admin', made, by.actorId, tx);
      const event = { type: 'invitation.created' as const, invitationId: made.id, roles };
      await this.audit.record({ ...event, userId: null, ...audited(by) }, tx);
      return made;
    });
  }

  /** @throws AuthError `not_found` */
  async withdraw(id: string, by: AdminActor): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await this.actors.assert(by, tx);
      if (!(await this.invitations.delete(id, tx))) throw new AuthError('not_found', { reason: 'no_such_invitation' });
      const event = { type: 'invitation.withdrawn' as const, invitationId: id, userId: null };
      await this.audit.record({ ...event, ...audited(by) }, tx);
    });
  }

  /**
   * Makes the invited user, whose mailbox is proven by the link, once.
   *
   * @throws AuthError `invalid_token`: unknown, used, withdrawn, expired, or the admin who invited is none any more
   * @throws AuthError `validation_failed` when the password will not do; the link stays good
   */
  async accept({ token, password, name, fields }: AcceptParams, origin: AuditOrigin): Promise<void> {
    const parsed = parseSecretToken(token);
    const invitation = parsed && (await this.invitations.find(parsed));
    if (!parsed || !invitation) throw spent();
    const { email } = invitation;
    const chosen = {
      name: name === undefined ? invitation.name : name,
      fields: merged(invitation.fields, fields ?? {}),
    };
    const setPassword = await this.passwords.prepare(password, { email, name: chosen.name });
    const make = async (tx: EntityManager) => {
      // Locked first, as by the admin who withdraws one: each would wait for the other otherwise.
      if (!(await this.isOfAdmin(invitation, tx))) throw spent();
      await this.make(parsed, { ...chosen, setPassword }, origin, tx);
    };
    await this.addresses.claim(email, { origin: null }, () => this.dataSource.transaction(make));
  }

  private async make(
    token: SecretToken,
    { name, fields, setPassword }: Chosen,
    origin: AuditOrigin,
    tx: EntityManager,
  ): Promise<void> {
    const invitation = await this.invitations.consume(token, tx);
    if (!invitation) throw spent();
    const { id: invitationId, email, roles, invitedBy } = invitation;
    const user = await this.users.insert({ email, name, roles, fields, emailVerifiedAt: this.clock.now() }, tx);
    if (!user) throw new AuthError('conflict', { reason: 'address_taken' });
    await setPassword(user.id, tx);
    await this.audit.record({ type: 'invitation.accepted', userId: user.id, invitationId, roles, origin }, tx);
    if (isAdmin(user)) await this.alerts.send('made_admin', user, invitedBy, tx);
  }

  /** Withdraws what a user gave who may no longer give anything. */
  private async isOfAdmin({ invitedBy }: InvitationEntity, tx: EntityManager): Promise<boolean> {
    if (invitedBy === null) return true;
    const admin = await this.users.find(invitedBy, tx);
    return admin !== null && isAdmin(admin) && !isBanned(admin, this.clock.now());
  }
}

interface Chosen {
  readonly name: string | null;
  readonly fields: UserFieldValues | null;
  readonly setPassword: Awaited<ReturnType<PasswordSetup['prepare']>>;
}

function spent(): AuthError {
  return new AuthError('invalid_token', { reason: 'invitation_unknown_or_spent' });
}
