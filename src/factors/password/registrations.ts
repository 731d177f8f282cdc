import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { EmailVerificationService } from '../../users/email-verification.service.js';
import { type EmailVerified, EmailVerifiedHooks } from '../../users/email-verified.hooks.js';
import { type IssuedToken, MailedTokens } from '../../users/mailed-tokens.js';
import { UserStore } from '../../users/user.store.js';
import { PasswordStore } from './password.store.js';
import { RegistrationEntity } from './registration.entity.js';

/** Who registers, with everything checked and hashed. */
export interface Applicant {
  readonly email: string;
  readonly name: string | null;
  readonly passwordHash: string;
}

/**
 * - `created`: a new user.
 * - `pending`: the address was registered before, and never verified.
 * - `taken`: it is a verified user's; there is no token.
 */
export interface Registered {
  readonly outcome: 'created' | 'pending' | 'taken';
  readonly userId: string;
  readonly token: IssuedToken | null;
}

/**
 * Registrations that wait for their link to be followed. An address may be registered by somebody who does not read its
 * mailbox, before or after its owner does. So each link installs the password and the name of its own registration, and
 * whoever follows one gets what *they* chose (pre-hijacking, arXiv 2205.10174).
 */
@Injectable()
export class Registrations {
  constructor(
    private readonly users: UserStore,
    private readonly passwords: PasswordStore,
    private readonly tokens: MailedTokens,
    private readonly verifications: EmailVerificationService,
    private readonly clock: Clock,
    hooks: EmailVerifiedHooks,
  ) {
    hooks.add((event, manager) => this.install(event, manager));
  }

  /** Always four statements, so that none of the outcomes shows in its time. */
  async record(applicant: Applicant, within: EntityManager): Promise<Registered> {
    const { email, name, passwordHash } = applicant;
    const created = await this.users.insert({ email, name }, within);
    if (created) {
      await this.setPassword(created.id, passwordHash, within);
      return { outcome: 'created', userId: created.id, token: await this.pend(created, applicant, within) };
    }
    const user = await this.users.findByEmail(email, within);
    if (!user) throw new AuthError('unavailable', { reason: 'user_removed_meanwhile' });
    if (!user.emailVerifiedAt) {
      return { outcome: 'pending', userId: user.id, token: await this.pend(user, applicant, within) };
    }
    await this.pretend(user, within);
    return { outcome: 'taken', userId: user.id, token: null };
  }

  private async pend(
    user: { id: string; email: string },
    applicant: Applicant,
    within: EntityManager,
  ): Promise<IssuedToken> {
    const token = await this.verifications.issue(user, within);
    const { passwordHash, name } = applicant;
    await within.insert(RegistrationEntity, { tokenId: token.id, userId: user.id, passwordHash, name });
    return token;
  }

  /** Writes, and takes it back: the commit reaches the disk as the others do. */
  private async pretend(user: { id: string; email: string }, within: EntityManager): Promise<void> {
    const { id } = await this.tokens.issue({ purpose: 'none', user, lifetimeSeconds: 0 }, within);
    await this.tokens.discard(id, within);
  }

  private async install({ userId, tokenId }: EmailVerified, within: EntityManager): Promise<void> {
    const own = await within.findOneBy(RegistrationEntity, { tokenId, userId });
    if (own) {
      await this.setPassword(userId, own.passwordHash, within);
      await this.users.update(userId, { name: own.name }, within);
    }
    await within.delete(RegistrationEntity, { userId });
  }

  private setPassword(userId: string, passwordHash: string, within: EntityManager): Promise<void> {
    return this.passwords.set({ userId, passwordHash, changedAt: this.clock.now() }, within);
  }
}
