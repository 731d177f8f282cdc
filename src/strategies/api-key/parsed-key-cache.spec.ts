import { randomUUID } from 'node:crypto';
import { mintApiKey } from './api-key.js';
import { ParsedKeyCache } from './parsed-key-cache.js';

describe('keys that were read before', () => {
  it('are read as they were, and others as ever', () => {
    const keys = new ParsedKeyCache();
    const id = randomUUID();
    const { apiKey } = mintApiKey(id);
    const parts = keys.parseKey(apiKey)!;
    expect([parts.id, keys.size]).toEqual([id, 0]);
    keys.keep(apiKey, parts);
    expect(keys.parseKey(apiKey)).toEqual(parts);
    expect(keys.parseKey(`${apiKey.slice(0, -1)}_`)).toBeNull();
    expect(keys.parseKey('')).toBeNull();
  });

  it('are no more than there is room for: those not used for longest go', () => {
    const keys = new ParsedKeyCache(2);
    for (let i = 0; i < 5; i += 1) {
      const { apiKey } = mintApiKey(randomUUID());
      for (let twice = 0; twice < 2; twice += 1) keys.keep(apiKey, keys.parseKey(apiKey)!);
    }
    expect(keys.size).toBe(2);
  });

  it('stay while they are used', () => {
    const keys = new ParsedKeyCache(2);
    const [used, ...others] = Array.from({ length: 4 }, () => mintApiKey(randomUUID()).apiKey) as [string, ...string[]];
    const parts = keys.parseKey(used)!;
    keys.keep(used, parts);
    for (const other of others) {
      keys.keep(other, keys.parseKey(other)!);
      expect(keys.parseKey(used)).toBe(parts);
    }
  });
});
