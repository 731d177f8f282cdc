import { v7 as uuidv7 } from 'uuid';
import { secretMatches } from '../../kernel/secret-token.js';
import { API_KEY_PATTERN, apiKeyPrefix, mintApiKey, parseApiKey } from './api-key.js';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('a key', () => {
  const id = uuidv7();
  const { apiKey, secretHash } = mintApiKey(id);

  it('is cck_, its id, its secret and a checksum, and is read as it was made', () => {
    expect(apiKey).toMatch(API_KEY_PATTERN);
    expect(apiKey.startsWith(`${apiKeyPrefix(id)}_`)).toBe(true);
    const parts = parseApiKey(apiKey);
    expect(parts?.id).toBe(id);
    expect(secretMatches(parts!.secret, secretHash)).toBe(true);
    expect(apiKey).not.toContain(secretHash);
  });

  it('has a checksum that any party can compute: this one is known', () => {
    const known = `cck_0193${'0'.repeat(28)}_${'a'.repeat(43)}`;
    expect(parseApiKey(`${known}${checksum(known)}`)?.id).toBe('01930000-0000-0000-0000-000000000000');
    expect(checksum('123456789')).toBe('3jZRME');
  });

  it('with any one character changed is none', () => {
    for (let at = 0; at < apiKey.length; at += 1) {
      const other = apiKey[at] === '0' ? '1' : '0';
      expect(parseApiKey(apiKey.slice(0, at) + other + apiKey.slice(at + 1))).toBeNull();
    }
  });

  it('with two neighbours swapped is none', () => {
    for (let at = 0; at + 1 < apiKey.length; at += 1) {
      const swapped = apiKey.slice(0, at) + apiKey[at + 1] + apiKey[at] + apiKey.slice(at + 2);
      if (swapped !== apiKey) expect(parseApiKey(swapped)).toBeNull();
    }
  });

  it.each([
    '',
    'cck_',
    'cck__',
    `${apiKey} `,
    ` ${apiKey}`,
    `${apiKey}\n`,
    apiKey.slice(1),
    `${apiKey}a`,
    'x'.repeat(86),
  ])('%p is none', (text) => expect(parseApiKey(text)).toBeNull());

  it('uses every digit about equally often, and repeats none', () => {
    const secrets = Array.from({ length: 2_000 }, () => mintApiKey(id).apiKey.slice(37, 80));
    expect(new Set(secrets).size).toBe(secrets.length);
    const counts = [...DIGITS].map((digit) => secrets.join('').split(digit).length - 1);
    const even = (2_000 * 43) / 62;
    for (const count of counts) expect(Math.abs(count - even) / even).toBeLessThan(0.2);
  });
});

/** CRC-32 bit by bit, in base 62: another reading of the documentation. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let place = 0; place < 6; place += 1) {
    digits = DIGITS[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
