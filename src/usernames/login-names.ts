import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NIL } from 'uuid';
import { AuthError } from '../kernel/auth-error.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { SecretKey } from '../kernel/secret-key.js';
import { UserStore } from '../users/user.store.js';
import { canonicalUsername } from './username.js';
import { Usernames } from './usernames.js';

/**
 * Whom a username means at a login. It is put in the place of the address before anything is counted, so that attempts by either name have one
 * budget, one lock, one cost and one answer.
 */
@Injectable()
export class LoginNames {
  private readonly key: Buffer;

  constructor(
    private readonly usernames: Usernames,
    private readonly users: UserStore,
    secretKey: SecretKey,
  ) {
    this.key = secretKey.derive('unknown-usernames');
  }

  /**
   * The address of the user; of an unknown name, an address of its own that no user can have. The same look-ups in both cases.
   *
   * @throws AuthError `validation_failed` where usernames are not switched on
   */
  async addressOf(username: string): Promise<string> {
    if (!this.usernames.isOn) throw notSwitchedOn();
    const owner = await this.usernames.ownerOf(username);
    const user = await this.users.find(owner ?? NIL);
    return (owner && user?.email) ?? this.decoyOf(canonicalUsername(username) ?? username);
  }

  /**
   * The address of what was typed into one field: an address itself, or where usernames are switched on a username, which never has an `@`.
   *
   * @throws AuthError `validation_failed` for what is neither
   */
  async addressFor(typed: string): Promise<string> {
    if (this.isOn && !typed.includes('@')) return this.addressOf(typed.trim());
    if (canonicalEmail(typed) === null) throw notAnAddress();
    return typed;
  }

  /** Whether a username may stand in the place of an address. */
  get isOn(): boolean {
    return this.usernames.isOn;
  }

  /** Not to be told without our key, so that no user registers it. */
  private decoyOf(name: string): string {
    const local = createHmac('sha256', this.key).update(name).digest('hex').slice(0, 40);
    return `${local}@unknown-username.invalid`;
  }
}

function notAnAddress(): AuthError {
  const errors = [{ field: 'email', rule: 'isEmailAddress', message: 'email must be a single plain e-mail address' }];
  return new AuthError('validation_failed', { reason: 'not_an_address', errors });
}

function notSwitchedOn(): AuthError {
  const errors = [{ field: 'username', rule: 'whitelistValidation', message: 'username is not a known property' }];
  return new AuthError('validation_failed', { reason: 'no_usernames', errors });
}
