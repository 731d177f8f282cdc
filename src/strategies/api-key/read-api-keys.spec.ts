import { randomUUID } from 'node:crypto';
import { mintApiKey } from './api-key.js';
import { ReadApiKeys } from './read-api-keys.js';

describe('keys that were read before', () => {
  it('are read as they were, and others as ever', () => {
    const keys = new ReadApiKeys();
    const id = randomUUID();
    const { apiKey } = mintApiKey(id);
    const parts = keys.read(apiKey)!;
    expect([parts.id, keys.size]).toEqual([id, 0]);
    keys.keep(apiKey, parts);
    expect(keys.read(apiKey)).toEqual(parts);
    expect(keys.read(`${apiKey.slice(0, -1)}_`)).toBeNull();
    expect(keys.read('')).toBeNull();
  });

  it('are no more than there is room for: the oldest go', () => {
    const keys = new ReadApiKeys(2);
    for (let i = 0; i < 5; i += 1) {
      const { apiKey } = mintApiKey(randomUUID());
      for (let twice = 0; twice < 2; twice += 1) keys.keep(apiKey, keys.read(apiKey)!);
    }
    expect(keys.size).toBe(2);
  });
});
