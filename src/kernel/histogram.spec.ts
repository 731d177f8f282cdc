import { Histogram } from './histogram.js';

describe('histogram', () => {
  it('count a duration in the first bucket whose bound it does not exceed', () => {
    const histogram = new Histogram([0.1, 1]);
    for (const seconds of [0, 0.1, 0.100001, 1, 1.5, 60]) histogram.observe(seconds);
    expect(histogram.counts).toEqual([2, 2, 2]);
    expect(histogram.sum).toBeCloseTo(62.700001, 6);
  });

  it('tells how long a share of them took at most, within their bucket', () => {
    const histogram = new Histogram([0.1, 1]);
    expect(histogram.quantile(0.5)).toBeNull();
    for (let i = 0; i < 98; i += 1) histogram.observe(0.05);
    for (let i = 0; i < 2; i += 1) histogram.observe(0.5);
    expect(histogram.quantile(0.49)).toBeCloseTo(0.05, 6);
    expect(histogram.quantile(0.98)).toBeCloseTo(0.1, 6);
    expect(histogram.quantile(0.99)).toBeCloseTo(0.55, 6);
    for (let i = 0; i < 900; i += 1) histogram.observe(60);
    expect(histogram.quantile(0.99)).toBe(1);
  });
});
