import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { sessionOptions } from '../../sessions/session-options.js';
import { hashOf, isIdOf } from '../artifacts/artifact-ids.js';
import type { StoredArtifact } from '../artifacts/oauth-artifacts.js';

/** A refresh token and what became of it. */
export interface RefreshState {
  readonly artifact: StoredArtifact;
  /** Whether it may be used: it was not yet, or within the grace and its successor was not. */
  readonly isGood: boolean;
  /** The one that was handed out for it; undefined: none was. */
  readonly successorId: string | undefined;
}

interface Row {
  readonly id_hash: string;
  readonly payload: Record<string, unknown>;
  readonly consumed_at: Date | null;
  readonly expires_at: Date;
  readonly successor: string | null;
  readonly successor_consumed_at: Date | null;
}

const FOUND = `
  SELECT a.id_hash, a.payload, a.consumed_at, a.expires_at, s.id_hash AS successor, s.consumed_at AS successor_consumed_at
  FROM coatcheck.oauth_artifacts a
  LEFT JOIN coatcheck.oauth_artifacts s ON s.kind = 'RefreshToken' AND s.id_hash = ANY ($2)
  WHERE a.kind = 'RefreshToken' AND a.id_hash = $1`;

/**
 * A client that lost the answer to a refresh may ask again for a moment, and gets the same successor: that is made of its predecessor, by a key
 * of ours, and therefore stored nowhere in clear.
 */
@Injectable()
export class RefreshGrace {
  private readonly keys: readonly Buffer[];
  private readonly graceMilliseconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    secretKey: SecretKey,
    options: Options,
  ) {
    this.keys = secretKey.deriveAll('oauth-refresh-successors');
    this.graceMilliseconds = options.of(sessionOptions).refreshGraceSeconds * 1000;
  }

  /** 43 characters, the same at every call. */
  successorOf(token: string): string {
    return successor(this.keys[0]!, token);
  }

  /** One look. Null when there is no such token. */
  async find(token: string): Promise<RefreshState | null> {
    if (!isIdOf('RefreshToken', token)) return null;
    const byHash = new Map(this.keys.map((key) => successor(key, token)).map((id) => [hashOf(id), id]));
    const [row]: Row[] = await this.dataSource.query(FOUND, [hashOf(token), [...byHash.keys()]]);
    if (row === undefined) return null;
    const { id_hash, payload, consumed_at, expires_at, successor: handedOut, successor_consumed_at } = row;
    const artifact = { idHash: id_hash, payload, consumedAt: consumed_at, expiresAt: expires_at };
    const isGood = consumed_at === null || (this.isWithinGrace(consumed_at) && successor_consumed_at === null);
    return { artifact, isGood, successorId: handedOut === null ? undefined : byHash.get(handedOut) };
  }

  private isWithinGrace(consumedAt: Date): boolean {
    return this.clock.now().getTime() < consumedAt.getTime() + this.graceMilliseconds;
  }
}

function successor(key: Buffer, token: string): string {
  return createHmac('sha256', key).update(token).digest('base64url');
}
