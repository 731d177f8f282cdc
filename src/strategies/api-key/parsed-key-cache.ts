import { LRUCache } from 'lru-cache';
import { type ApiKeyParts, parseApiKey } from './api-key.js';

/** Some 400 bytes each. */
const CAPACITY = 4_000;

/**
 * Keys that were read before, so that shape and checksum are looked at once a key and not once a request. Only what has proven itself is
 * kept, so no stranger can drive others out. It says nothing about whether the key is good now.
 */
export class ParsedKeyCache {
  private readonly known: LRUCache<string, ApiKeyParts>;

  constructor(capacity = CAPACITY) {
    this.known = new LRUCache({ max: capacity });
  }

  get size(): number {
    return this.known.size;
  }

  /** As {@link parseApiKey}. */
  parseKey(text: string): ApiKeyParts | null {
    return this.known.get(text) ?? parseApiKey(text);
  }

  /** The key has proven itself. */
  keep(text: string, parts: ApiKeyParts): void {
    if (!this.known.has(text)) this.known.set(text, parts);
  }
}
