import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
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

  /** All that a user has enrolled, in the order of the factors. */
  async enrolledBy(userId: string, within?: EntityManager): Promise<EnrolledFactor[]> {
    const enrolled: EnrolledFactor[] = [];
    // One after the other: a transaction has one connection.
    for (const factor of this.all) enrolled.push(...(await factor.enrolledBy(userId, within)));
    return enrolled;
  }
}
