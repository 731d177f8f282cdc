import { readInstant, readInstantOrNull, readMilliseconds, readWritten } from './instant.js';

const AT = new Date('2030-01-01T12:00:00.123Z');
const UNREADABLE = [
  undefined,
  '',
  'soon',
  '2030-01-01T12:00:00.123Z',
  0,
  Number.NaN,
  new Date(Number.NaN),
  {},
  [],
  true,
];

describe('an instant', () => {
  it('is read as it is', () => {
    expect(readInstant(AT, 'x')).toBe(AT);
    expect(readInstantOrNull(AT, 'x')).toBe(AT);
    expect(readMilliseconds(AT.getTime(), 'x')).toEqual(AT);
    expect(readMilliseconds(String(AT.getTime()), 'x')).toEqual(AT);
    expect(readMilliseconds('-1', 'x')).toEqual(new Date(-1));
    expect(readWritten(JSON.parse(JSON.stringify(AT)), 'x')).toEqual(AT);
    expect(readWritten(new Date(8.64e15).toJSON(), 'x')).toEqual(new Date(8.64e15));
  });

  it('is absent only where null says so', () => {
    expect(readInstantOrNull(null, 'x')).toBeNull();
    for (const value of UNREADABLE) expect(() => readInstantOrNull(value, 'x')).toThrow('unreadable_instant (x)');
  });

  it.each([...UNREADABLE, null])('is an error that fails closed where it reads %p', (value) => {
    const closed = expect.objectContaining({ code: 'internal_error', reason: 'unreadable_instant (t.at)' });
    expect(() => readInstant(value, 't.at')).toThrow(closed);
  });

  it.each([undefined, null, '', ' ', 'NaN', 'Infinity', '1e3', '0x10', '12 ', 8.65e15, Number.NaN, true, AT])(
    'is no number of milliseconds where it reads %p',
    (value) => {
      expect(() => readMilliseconds(value, 'x')).toThrow('unreadable_instant');
    },
  );

  it.each([undefined, null, '', '2030', '01.01.2030 12:00:00 CET', '2030-13-01T00:00:00.000Z', 0, AT, {}])(
    'is no written instant where it reads %p',
    (value) => {
      expect(() => readWritten(value, 'x')).toThrow('unreadable_instant');
    },
  );
});
