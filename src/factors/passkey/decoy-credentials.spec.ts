import { SecretKey } from '../../kernel/secret-key.js';
import { DecoyCredentials, TOLD_TRANSPORTS } from './decoy-credentials.js';
import { MOST_PASSKEYS } from './passkey.store.js';

const keyOf = (byte: number) => SecretKey.parse(Buffer.alloc(32, byte).toString('base64url'));
const decoys = new DecoyCredentials(keyOf(1));
const many = Array.from({ length: 400 }, (_, i) => decoys.of(`user-${i}@example.com`));

describe('passkeys for a user without any', () => {
  it('are the same each time, on each node, and in every spelling of the address', () => {
    expect(new DecoyCredentials(keyOf(1)).of('Ada@Example.com')).toEqual(decoys.of('ada@example.com'));
  });

  it('are others for another address and under another key', () => {
    const ids = many.flatMap((list) => list.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new DecoyCredentials(keyOf(2)).of('ada@example.com')).not.toEqual(decoys.of('ada@example.com'));
  });

  it('look like real ones: ids of 16 to 128 bytes, transports in the order browsers have them, mostly one or two a user', () => {
    for (const list of many) {
      expect(list.length).toBeLessThanOrEqual(MOST_PASSKEYS);
      for (const { id, type, transports } of list) {
        const bytes = Buffer.from(id, 'base64url');
        expect(bytes.toString('base64url')).toBe(id);
        expect(bytes.length).toBeGreaterThanOrEqual(16);
        expect(bytes.length).toBeLessThanOrEqual(128);
        expect(type).toBe('public-key');
        expect([...transports].sort()).toEqual([...transports]);
      }
    }
    expect(many.filter((list) => list.length === 2).length).toBeGreaterThan(50);
    expect(new Set(many.map(([first]) => first!.id.length)).size).toBeGreaterThan(2);
  });

  it('are of every number and every set of transports that a user may have, so that none of these tells a real one', () => {
    const crowd = Array.from({ length: 30_000 }, (_, i) => decoys.of(`one-of-many-${i}@example.com`));
    const numbers = new Set(crowd.map(({ length }) => length));
    for (const number of [1, 2, 3, 4, 5]) expect(numbers).toContain(number);
    const sets = new Set(crowd.flat().map(({ transports }) => transports.join()));
    expect(sets.size).toBe(2 ** TOLD_TRANSPORTS.length);
    for (const transports of ['usb', 'nfc,usb', 'internal', '']) expect(sets).toContain(transports);
  });
});
