import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { Options } from '../../config/options.js';
import { MailedTokens } from '../../users/mailed-tokens.js';
import { passwordOptions } from './password-options.js';
import { PASSWORD_RESET } from './password-reset-mails.js';

/** Lets a user who has just proven to read a mailbox choose the password at once, without another mail. */
@Injectable()
export class PasswordChoice {
  private readonly lifetimeSeconds: number;

  constructor(
    private readonly tokens: MailedTokens,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(passwordOptions).passwordResetSeconds;
  }

  /** A token as a reset link has it, which ends those mailed before. Part of the transaction of the proof. */
  async tokenFor(user: { readonly id: string; readonly email: string }, within: EntityManager): Promise<string> {
    await this.endLinks(user.id, within);
    const order = { purpose: PASSWORD_RESET, user, lifetimeSeconds: this.lifetimeSeconds };
    const { token } = await this.tokens.issue(order, within);
    await this.audit.record({ type: 'password.choice_offered', userId: user.id }, within);
    return token;
  }

  /** Those mailed before are good for nothing from now on. */
  endLinks(userId: string, within: EntityManager): Promise<void> {
    return this.tokens.consumeAll(userId, PASSWORD_RESET, within);
  }
}
