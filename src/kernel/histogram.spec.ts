import { Histogram } from './histogram.js';

describe('histogram', () => {
  it('count a duration in the first bucket whose bound it does not exceed', () => {
    const histogram = new Histogram([0.1, 1]);
    for (const seconds of [0, 0.1, 0.100001, 1, 1.5, 60]) histogram.observe(seconds);
    expect(histogram.counts).toEqual([2, 2, 2]);
    expect(histogram.sum).toBeCloseTo(62.700001, 6);
  });
});
