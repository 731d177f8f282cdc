import { LRUCache } from 'lru-cache';
import { type ApiKeyParts, parseApiKey } from './api-key.js';

/** Some 400 bytes each. */
const CAPACITY = 4_000;

/**
 * Keys that were read before, so that shape and checksum are looked at once a key and not once a request. Only what has proven itself is
 * kept, so no stranger can drive others out. It says nothing about whether the key is good now.
 */
export class ParsedKeyCache {
  /** Made at the first key: its room is allocated at once. */
  private known: LRUCache<string, ApiKeyParts> | undefined;

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.known?.size ?? 0;
  }

  /** As {@link parseApiKey}. */
  parseKey(text: string): ApiKeyParts | null {
    return this.known?.get(text) ?? parseApiKey(text);
  }

  /** The key has proven itself. */
  keep(text: string, parts: ApiKeyParts): void {
    this.known ??= new LRUCache({ max: this.capacity });
    if (!this.known.has(text)) this.known.set(text, parts);
  }
}
