import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuthError } from '../kernel/auth-error.js';
import { type EnrolledFactor, FACTORS, Factor } from './factor.js';

/** Every factor there is. */
@Injectable()
export class Factors {
  constructor(@Inject(FACTORS) readonly all: readonly Factor[]) {}

  /** @throws TypeError for a name that no feature brings */
  named(name: string): Factor {
    const factor = this.find(name);
    if (!factor) throw new TypeError(`no factor has the name ${name}`);
    return factor;
  }

  /** For a name that a client sent. */
  find(name: string): Factor | undefined {
    return this.all.find((factor) => factor.name === name);
  }

  /**
   * For a proof that a client sent of the next factor. The same whoever asks, so that it tells nothing of a user.
   *
   * @throws AuthError `validation_failed` unless a login can go on with a factor of that name
   */
  assertCanFollow(name: string): void {
    const names = this.all.filter(({ canFollow }) => canFollow).map((factor) => factor.name);
    if (names.includes(name)) return;
    const errors = [{ field: 'factor', rule: 'isIn', message: `factor must be one of: ${names.join(', ')}` }];
    throw new AuthError('validation_failed', { reason: 'no_such_factor', errors });
  }

  /** All that a user has enrolled, in the order of the factors. */
  async enrolledBy(userId: string, within?: EntityManager): Promise<EnrolledFactor[]> {
    const enrolled: EnrolledFactor[] = [];
    // One after the other: a transaction has one connection.
    for (const factor of this.all) enrolled.push(...(await factor.enrolledBy(userId, within)));
    return enrolled;
  }
}
