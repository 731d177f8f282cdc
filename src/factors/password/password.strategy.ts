import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { AUTHENTICATOR } from '../../access/ticket-strategy.js';
import type { PasswordProof } from './password.proof.js';
import { type PasswordCheckParams, PasswordVerifier, type VerifiedPassword } from './password-verifier.js';

/** All that passport-local gets to see. It also looks into query strings, where a password would end up in every access log. */
export interface LocalRequest {
  readonly body: PasswordProof;
  readonly check: PasswordCheckParams;
}

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

  validate({ check }: LocalRequest, email: string, password: string): Promise<VerifiedPassword> {
    return this.passwords.verifyPassword(email, password, check);
  }

  /** Not the process-wide one, where the last application to start would answer for all. It is asked for too early to be ours. */
  protected getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}
