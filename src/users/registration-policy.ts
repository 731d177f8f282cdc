import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../access/request-origin.js';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import type { UserFieldValues } from '../kernel/user-fields.js';
import { usersOptions } from './users-options.js';

/** A request to register. Nothing about it is proven. */
export interface RegistrationAttempt {
  /** Canonical. */
  readonly email: string;
  readonly name: string | null;
  readonly fields: UserFieldValues;
  /** Null where an application registers by itself. */
  readonly origin: RequestOrigin | null;
}

/**
 * Decides who may register. Asked before anything is looked up or hashed. Default: everyone, or with `selfRegistration: false` only those
 * whom an admin invites.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: RegistrationPolicy, useClass: OfficeHours }] })
 */
export abstract class RegistrationPolicy {
  /**
   * Must not depend on whether the address has a user already: every caller sees the answer.
   *
   * @throws AuthError `forbidden` where registration is closed; `validation_failed` naming what will not do
   */
  abstract assertMayRegister(attempt: RegistrationAttempt): Promise<void>;
}

/** By the option `selfRegistration`. */
@Injectable()
export class ConfiguredRegistrationPolicy extends RegistrationPolicy {
  private readonly isOpen: boolean;

  constructor(options: Options) {
    super();
    this.isOpen = options.of(usersOptions).selfRegistration;
  }

  async assertMayRegister(): Promise<void> {
    if (!this.isOpen) throw new AuthError('forbidden', { reason: 'registration_closed' });
  }
}
