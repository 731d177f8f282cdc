import { randomBytes } from 'node:crypto';
import { seal, unseal } from './sealed-text.js';

const key = randomBytes(32);

describe('sealed text', () => {
  it('opens by the same key for the same purpose', () => {
    expect(unseal(seal('tünnel', key, 'user:1'), key, 'user:1')).toBe('tünnel');
  });

  it('looks different each time, and shows nothing', () => {
    expect(seal('same', key, 'a')).not.toBe(seal('same', key, 'a'));
    expect(Buffer.from(seal('visible', key, 'a'), 'base64url').toString('latin1')).not.toContain('visible');
  });

  it.each([
    ['another key', (text: string) => unseal(text, randomBytes(32), 'a')],
    ['another purpose', (text: string) => unseal(text, key, 'b')],
    ['a flipped bit', (text: string) => unseal(flipped(text), key, 'a')],
    ['a cut text', (text: string) => unseal(text.slice(0, -2), key, 'a')],
    ['nothing', () => unseal('', key, 'a')],
    ['any other text', () => unseal('no such thing as a sealed text, however long it is', key, 'a')],
  ])('does not open for %s', (_, open) => {
    expect(open(seal('secret', key, 'a'))).toBeNull();
  });
});

function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64url');
  bytes[20]! ^= 1;
  return bytes.toString('base64url');
}
