import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { AUTHENTICATOR } from '../../access/ticket-strategy.js';
import type { UserRecord } from '../../users/user.store.js';
import { PasswordVerifier } from './password-verifier.js';

/** passport-local, known under this name to the module's own Passport and to no other. */
@Injectable()
export class PasswordStrategy extends PassportStrategy(Strategy, 'password') {
  constructor(
    @Inject(AUTHENTICATOR) authenticator: passport.Authenticator,
    private readonly passwords: PasswordVerifier,
  ) {
    super({ usernameField: 'email', passwordField: 'password', session: false, passReqToCallback: true });
    authenticator.use('password', this);
  }

  validate(request: Request, email: string, password: string): Promise<UserRecord> {
    const { isLocked, source } = request as Request & { isLocked?: boolean; source?: string };
    return this.passwords.check(email, password, isLocked, source);
  }

  /** Not the process-wide one, where the last application to start would answer for all. It is asked for too early to be ours. */
  protected getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}
