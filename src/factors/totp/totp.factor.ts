import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  type EnrolledFactor,
  Factor,
  type FactorClaim,
  type FactorSelection,
  isSelected,
} from '../../credentials/factor.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { readInstant } from '../../kernel/instant.js';
import { SecretBox } from './secret-box.js';
import { TotpProof } from './totp.proof.js';
import { readSecret, stepOf } from './totp-code.js';
import { TotpSecrets } from './totp-secrets.js';

/** The code of an authenticator app, RFC 6238. Takes `{ code }`. */
@Injectable()
export class TotpFactor extends Factor<TotpProof> {
  readonly name = 'totp';
  readonly amr = ['otp'];
  readonly proofClass = TotpProof;
  override readonly canFollow = true;
  override readonly hasNumericCodes = true;

  override get title(): string {
    return 'an authenticator app';
  }

  constructor(
    private readonly secrets: TotpSecrets,
    private readonly box: SecretBox,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async verify({ user, proof }: FactorClaim<TotpProof>): Promise<readonly string[]> {
    const boxed = (await this.secrets.find(user.id))?.secret ?? null;
    if (boxed === null) throw refused('not_enrolled');
    const secret = this.box.open(boxed, user.id);
    // Sealed by another SECRET_KEY than ours: no code can be right.
    if (secret === null) throw refused('secret_cannot_be_opened');
    const step = stepOf(proof.code, secret, this.clock.now());
    if (step === null) throw refused('wrong_code');
    const renewed = this.box.isOutdated(boxed, user.id) ? this.box.close(secret, user.id) : null;
    if (!(await this.secrets.spend(user.id, boxed, step, renewed))) {
      // No guess: it is the user's own, sent twice, and good for nothing.
      throw new AuthError('invalid_credentials', { reason: 'code_used_before', proof: 'right' });
    }
    return this.amr;
  }

  /** Takes `{ secret }`: base32, or the address that the app once scanned. */
  override importOne(given: unknown) {
    const { secret: text } = (given ?? {}) as { secret?: unknown };
    const secret = typeof text === 'string' ? readSecret(text) : null;
    if (secret === null) return null;
    return (userId: string, within: EntityManager) =>
      this.secrets.insertProven(userId, this.box.close(secret, userId), within);
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const { secret, confirmedAt, lastUsedAt } = (await this.secrets.find(userId, within)) ?? {};
    if (!secret) return [];
    // There is no secret without it: unreadable, it must not pass for "no second factor".
    const used = {
      enrolledAt: readInstant(confirmedAt, 'totp_secrets.confirmed_at'),
      lastUsedAt: lastUsedAt ?? null,
      remaining: null,
    };
    return [{ factor: this.name, id: null, name: null, ...used }];
  }

  async removeAllOf(userId: string, within: EntityManager, which: FactorSelection = {}): Promise<void> {
    const confirmedAt = (await this.secrets.find(userId, within))?.confirmedAt ?? null;
    // One that waits for its first code counts for nothing yet, and must not begin to.
    if (confirmedAt === null || isSelected(which, confirmedAt)) await this.secrets.delete(userId, within);
  }
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
