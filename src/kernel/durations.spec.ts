import { Durations } from './durations.js';

describe('durations', () => {
  it('count a duration in the first bucket whose bound it does not exceed', () => {
    const durations = new Durations([0.1, 1]);
    for (const seconds of [0, 0.1, 0.100001, 1, 1.5, 60]) durations.observe(seconds);
    expect(durations.counts).toEqual([2, 2, 2]);
    expect(durations.sum).toBeCloseTo(62.700001, 6);
  });
});
