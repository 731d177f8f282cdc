import { LeaseRecord } from './lease-record.js';

describe('the record of a lease', () => {
  it('counts the time without a lease from the start, across several losses, while it lasts', () => {
    const record = new LeaseRecord(1_000);
    expect(record.lookupSeconds(1_500)).toBe(0.5);
    record.held(1_900, 2_000, 7);
    expect([record.lookupSeconds(9_000), record.head]).toEqual([1, 7]);
    record.lost(10_000);
    record.lost(11_000);
    expect(record.lookupSeconds(12_000)).toBe(3);
    record.held(12_900, 13_000, 7);
    record.held(13_900, 14_000, 8);
    expect(record.lookupSeconds(20_000)).toBe(4);
  });

  it('tells the age of the last word of the store, not of its arrival', () => {
    const record = new LeaseRecord(1_000);
    expect(record.ageSeconds(3_000)).toBe(2);
    record.held(2_500, 3_000, 0);
    expect(record.ageSeconds(3_000)).toBe(0.5);
  });
});
