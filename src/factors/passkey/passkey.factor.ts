import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Options } from '../../config/options.js';
import {
  type EnrolledFactor,
  Factor,
  type FactorClaim,
  type FactorProof,
  type FactorSelection,
  type FirstClaim,
  isSelected,
} from '../../credentials/factor.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { UserStore } from '../../users/user.store.js';
import { AssertionCeremony, type UsedPasskey } from './assertion-ceremony.js';
import { importedPasskeysOf, passkeyOf } from './imported-passkeys.js';
import { LoginChallenges } from './login-challenges.js';
import { PasskeyProof } from './passkey.proof.js';
import { PasskeyStore } from './passkey.store.js';
import { ANYBODY } from './passkey-challenges.js';
import { passkeyOptions, relyingPartyFrom } from './passkey-options.js';
import { userIdOf } from './user-handle.js';

/**
 * Something the user has, and by its PIN or fingerprint something they know or are: then it is as good as two factors. Takes
 * `{ credential }`.
 */
@Injectable()
export class PasskeyFactor extends Factor<PasskeyProof> {
  readonly name = 'passkey';
  /** A key was used, and a person was there. */
  readonly amr = ['pop', 'user'];
  readonly proofClass = PasskeyProof;
  override readonly canBegin = true;
  override readonly canFollow = true;
  override readonly isGuessable = false;
  override readonly pageModule = 'passkey.js';
  private readonly mustVerifyUser: boolean;
  private readonly rpId: string;

  constructor(
    private readonly assertions: AssertionCeremony,
    private readonly passkeys: PasskeyStore,
    private readonly loginChallenges: LoginChallenges,
    private readonly users: UserStore,
    private readonly clock: Clock,
    options: Options,
  ) {
    super();
    this.mustVerifyUser = options.of(passkeyOptions).webauthnUserVerification === 'required';
    this.rpId = relyingPartyFrom(options).rpId;
  }

  /** The passkey says whose it is. Nothing else is asked, so it must verify its user. */
  override async begin({ proof, caller, keepsCookies }: FirstClaim<PasskeyProof>): Promise<FactorProof> {
    const isMadeHere = (challenge: unknown) => !keepsCookies || this.loginChallenges.isFor(challenge, caller);
    const wanted = { purpose: 'login', holder: ANYBODY, mustVerifyUser: true, isMadeHere } as const;
    const { userHandle } = proof.credential.response;
    const claimedId = userHandle ? userIdOf(userHandle) : null;
    // Before the passkey is judged: what ends the user's sessions meanwhile ends this login.
    const claimed = claimedId === null ? null : await this.users.find(claimedId);
    // The handles of other systems are of any length, also of ours.
    const importerId = claimed === null ? await this.assertions.ownerOfImported(proof.credential) : null;
    const user = importerId === null ? claimed : await this.users.find(importerId);
    const used = await this.assertions.verifyAssertion(proof.credential, { ...wanted, userId: importerId });
    if (user?.id !== used.passkey.userId) throw new AuthError('invalid_credentials', { reason: 'passkey_of_nobody' });
    return { user, amr: this.amrOf(used) };
  }

  override async verify({ user, proof, boundTo, isStepUp }: FactorClaim<PasskeyProof>): Promise<readonly string[]> {
    // At a step-up it stands alone; after a password it is the second factor.
    const mustVerifyUser = isStepUp || this.mustVerifyUser;
    const wanted = { purpose: 'proof', holder: boundTo, userId: user.id, mustVerifyUser } as const;
    return this.amrOf(await this.assertions.verifyAssertion(proof.credential, wanted));
  }

  /** Takes `{ rpId, passkeys }` for this relying party, see `importedPasskeysOf`. */
  override importOne(given: unknown) {
    const now = this.clock.now();
    const passkeys = importedPasskeysOf(given, this.rpId, now);
    if (passkeys === null) return null;
    return async (userId: string, within: EntityManager) => {
      for (const passkey of passkeys) await this.passkeys.insert(passkeyOf(userId, passkey, now), within);
    };
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const passkeys = await this.passkeys.listOf(userId, within);
    return passkeys.map(({ id, name, automatic, createdAt, lastUsedAt }) => {
      const enrolled = { factor: this.name, id, name, enrolledAt: createdAt, lastUsedAt, remaining: null };
      return automatic ? { ...enrolled, beginsOnly: true } : enrolled;
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
