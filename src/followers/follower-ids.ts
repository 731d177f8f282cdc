import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretKey } from '../kernel/secret-key.js';
import type { FollowerMode } from './wire.js';

const PURPOSE = 'follower-leases';
const SHAPE = /^([ab])\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

/** A lease of a follower, by what its holder and the store call it. */
export interface FollowerLease {
  readonly mode: FollowerMode;
  /** What its holder calls it. */
  readonly id: string;
  /** What the store calls it, where one is recorded. */
  readonly leaseId: string;
}

/** Names leases so that no follower can speak for another: each name is bound to the API key that asked for it, and no store is asked for others. */
@Injectable()
export class FollowerIds {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(secretKey: SecretKey) {
    this.keys = secretKey.deriveAll(PURPOSE);
  }

  /** A name that was never used before. */
  fresh(mode: FollowerMode, keyId: string): FollowerLease {
    const uuid = randomUUID();
    const letter = mode === 'acknowledged' ? 'a' : 'b';
    const mac = macOf(this.keys[0], letter, uuid, keyId).toString('base64url');
    return { mode, id: `${letter}.${uuid}.${mac}`, leaseId: this.prefixOf(keyId) + uuid };
  }

  /** Null for a name that was not given to this key. */
  read(id: string, keyId: string): FollowerLease | null {
    const [, letter = '', uuid = '', mac = ''] = SHAPE.exec(id) ?? [];
    const given = Buffer.from(mac, 'base64url');
    const isOurs = this.keys.some((key) => isEqual(macOf(key, letter, uuid, keyId), given));
    if (!isOurs) return null;
    return { mode: letter === 'a' ? 'acknowledged' : 'bounded', id, leaseId: this.prefixOf(keyId) + uuid };
  }

  /** How every lease of this key begins at the store. */
  prefixOf(keyId: string): string {
    return `${PREFIX}${keyId}:`;
  }
}

/** How every lease of a follower begins at the store. */
export const PREFIX = 'follower:';

function macOf(key: Buffer, ...parts: readonly string[]): Buffer {
  return createHmac('sha256', key).update(parts.join('.')).digest();
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
