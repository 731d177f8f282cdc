import { Injectable } from '@nestjs/common';
import type { PlacesToBegin, ProofPlace } from '../factor.js';
import { Factors } from '../factors.js';

/** The entry points that one factor offers to begin a login. */
export interface OfferedPlaces extends PlacesToBegin {
  readonly factor: string;
}

/** Where one factor can be proven anew. */
export interface PlacesToConfirm {
  readonly factor: string;
  readonly places: readonly ProofPlace[];
}

/** The buttons that lead elsewhere, of all factors. */
@Injectable()
export class ProofPlaces {
  constructor(private readonly factors: Factors) {}

  /** Of those factors that offer any. */
  async toBegin(): Promise<OfferedPlaces[]> {
    const offered = await Promise.all(
      this.factors.all.map(async (factor) => ({ factor: factor.name, ...(await factor.placesToBegin()) })),
    );
    return offered.filter(({ listed, areFoundByAddress }) => listed.length > 0 || areFoundByAddress);
  }

  /** Of those factors that this user can prove elsewhere. */
  async toConfirm(userId: string): Promise<PlacesToConfirm[]> {
    const offered = await Promise.all(
      this.factors.all.map(async (factor) => ({ factor: factor.name, places: await factor.placesToConfirm(userId) })),
    );
    return offered.filter(({ places }) => places.length > 0);
  }
}
