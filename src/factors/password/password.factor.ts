import { Inject, Injectable } from '@nestjs/common';
import type passport from 'passport';
import type { EntityManager } from 'typeorm';
import { AUTHENTICATOR } from '../../access/ticket-strategy.js';
import { type EnrolledFactor, Factor, type FactorProof, type FirstClaim } from '../../credentials/factor.js';
import { AuthError } from '../../kernel/auth-error.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { PasswordProof } from './password.proof.js';
import { NO_HASH, PasswordStore } from './password.store.js';
import type { LocalRequest } from './password.strategy.js';
import type { VerifiedPassword } from './password-verifier.js';

/** Something the user knows. Takes `{ email, password }`. */
@Injectable()
export class PasswordFactor extends Factor<PasswordProof> {
  readonly name = 'password';
  readonly amr = ['pwd'];
  readonly proofClass = PasswordProof;
  override readonly canBegin = true;
  override readonly readsState = true;

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: passport.Authenticator,
    private readonly passwords: PasswordStore,
    private readonly keys: LimitKeys,
  ) {
    super();
  }

  override claimedEmail({ email }: PasswordProof): string {
    return email;
  }

  override async begin(claim: FirstClaim<PasswordProof>): Promise<FactorProof> {
    return { ...(await this.authenticate(claim)), amr: this.amr };
  }

  /** By passport-local, which takes a request and looks for credentials in it: it gets a stand-in that has nothing else. */
  private authenticate({ proof, isLocked, caller }: FirstClaim<PasswordProof>): Promise<VerifiedPassword> {
    const request: LocalRequest = {
      body: proof,
      check: { isLocked, source: this.keys.source(caller), languages: caller.languages },
    };
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, verified?: unknown, info?: unknown) => {
        if (error) return reject(error);
        if (!verified)
          return reject(new AuthError('invalid_credentials', { reason: 'credentials_missing', cause: info }));
        return resolve(verified as VerifiedPassword);
      };
      this.authenticator.authenticate('password', { session: false }, answer)(request, undefined, reject);
    });
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const password = await this.passwords.find(userId, within);
    if (!password || password.passwordHash === NO_HASH) return [];
    const { changedAt: enrolledAt } = password;
    return [{ factor: this.name, id: null, name: null, enrolledAt, lastUsedAt: null, remaining: null }];
  }

  removeAllOf(userId: string, within: EntityManager): Promise<void> {
    return this.passwords.delete(userId, within);
  }
}
