import { median } from '../harness/median.js';
import type { Measurement } from '../row.js';

const TOKENS = 2_000;

/** A JWT that this node sees for the first time, with the default algorithm. */
export const firstVerification: Measurement = {
  name: 'jwt',
  async measure(bench) {
    const app = await bench.startApp({ strategy: 'jwt' });
    const rounds: number[] = [];
    for (let round = 0; round <= bench.rounds; round++) rounds.push(await app.order('firstVerification', TOKENS));
    const note = 'later ones are a look into a Map: their cost is in the rows of the authenticated GET';
    const value = median(rounds.slice(1));
    return [{ row: 'first verification of an access token (ES256)', value, unit: 'µs', target: { atMost: 100 }, note }];
  },
};
