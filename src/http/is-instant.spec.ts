import { validateSync } from 'class-validator';
import { IsInstant } from './is-instant.js';

class Request {
  @IsInstant()
  at!: unknown;
}
const isTaken = (at: unknown) => validateSync(Object.assign(new Request(), { at })).length === 0;

describe('an instant in a request', () => {
  it.each([
    '2027-02-28T23:59:59Z',
    '2028-02-29T00:00:00Z',
    '2027-02-28T23:59:59.123456789Z',
    '2027-12-31T23:30:00-05:00',
    '2027-01-01T00:00:00.5+14:00',
  ])('is taken: %s', (at) => {
    expect(isTaken(at)).toBe(true);
  });

  it.each([
    '2027-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2027-04-31T00:00:00+02:00',
    '2027-13-01T00:00:00Z',
    '2027-01-00T00:00:00Z',
    '2027-01-01T24:00:00Z',
    '2027-01-01T00:60:00Z',
    '2027-01-01T00:00:00',
    '2027-01-01',
    '2027-01-01T00:00:00+24:00',
    null,
    5,
    ['2027-02-28T23:59:59Z'],
  ])('that does not exist, or is none, is refused rather than moved to another day: %j', (at) => {
    expect(isTaken(at)).toBe(false);
  });
});
