import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { HttpRequest } from '../../access/http-exchange.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import {
  type EnrolledFactor,
  Factor,
  type FactorClaim,
  type FactorProof,
  type FactorSelection,
  isSelected,
} from '../../login/factor.js';
import { UserStore } from '../../users/user.store.js';
import { AssertionCeremony, type UsedPasskey } from './assertion-ceremony.js';
import { type CredentialJson, isCredential } from './credential-json.js';
import { LoginChallenges } from './login-challenges.js';
import { PasskeyStore } from './passkey.store.js';
import { ANYBODY } from './passkey-challenges.js';
import { passkeyOptions } from './passkey-options.js';

/**
 * Something the user has, and by its PIN or fingerprint something they know or are: then it is as good as two factors. Takes
 * `{ credential }`.
 */
@Injectable()
export class PasskeyFactor extends Factor {
  readonly name = 'passkey';
  /** A key was used, and somebody was there. */
  readonly amr = ['pop', 'user'];
  override readonly canBegin = true;
  override readonly canFollow = true;
  override readonly isGuessable = false;
  private readonly mustVerifyUser: boolean;

  constructor(
    private readonly assertions: AssertionCeremony,
    private readonly passkeys: PasskeyStore,
    private readonly loginChallenges: LoginChallenges,
    private readonly users: UserStore,
    options: Options,
  ) {
    super();
    this.mustVerifyUser = options.of(passkeyOptions).webauthnUserVerification === 'required';
  }

  /** The passkey says whose it is. Nothing else is asked, so it must verify its user. */
  override async prove(request: HttpRequest): Promise<FactorProof> {
    const credential = credentialOf(request.body);
    const isMadeHere = (challenge: unknown) => this.loginChallenges.isFor(challenge, request);
    const wanted = { purpose: 'login', holder: ANYBODY, userId: null, mustVerifyUser: true, isMadeHere } as const;
    const used = await this.assertions.judge(credential, wanted);
    const user = await this.users.find(used.passkey.userId);
    if (!user) throw new AuthError('invalid_credentials', { reason: 'passkey_of_nobody' });
    return { user, amr: this.amrOf(used) };
  }

  override async proveFor({ user, credential, boundTo, request }: FactorClaim): Promise<readonly string[]> {
    // Somebody logged in steps up by nothing else than this; after a password it is the second factor.
    const isAlone = request.auth !== undefined;
    const mustVerifyUser = isAlone || this.mustVerifyUser;
    const wanted = { purpose: 'proof', holder: boundTo, userId: user.id, mustVerifyUser } as const;
    return this.amrOf(await this.assertions.judge(credentialOf({ credential }), wanted));
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const passkeys = await this.passkeys.listOf(userId, within);
    return passkeys.map(({ id, name, createdAt, lastUsedAt }) => {
      return { factor: this.name, id, name, enrolledAt: createdAt, lastUsedAt, remaining: null };
    });
  }

  async removeAllOf(userId: string, within: EntityManager, which: FactorSelection = {}): Promise<void> {
    const { since, id: only } = which;
    if (!since && only === undefined) {
      await this.passkeys.deleteAll(userId, within);
      return;
    }
    for (const { id, createdAt } of await this.passkeys.listOf(userId, within)) {
      const isMeant = (only === undefined || id === only) && isSelected(which, createdAt);
      if (isMeant) await this.passkeys.delete(userId, id, within);
    }
  }

  private amrOf({ userVerified }: UsedPasskey): string[] {
    return userVerified ? [...this.amr, 'mfa'] : this.amr;
  }
}

/** @throws AuthError `validation_failed` */
function credentialOf(body: unknown): CredentialJson {
  const { credential } = (body ?? {}) as { credential?: unknown };
  if (isCredential(credential, 'assertion')) return credential;
  const message = 'credential must be what the browser gave, as JSON (PublicKeyCredential.toJSON)';
  const errors = [{ field: 'credential', rule: 'isCredential', message }];
  throw new AuthError('validation_failed', { reason: 'credential_malformed', errors });
}
