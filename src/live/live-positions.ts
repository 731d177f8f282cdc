import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { seal, unsealByAny } from '../kernel/sealed-text.js';
import { SecretKey } from '../kernel/secret-key.js';

const PURPOSE = 'live-position';
/** Older ones are not gone on from: the page is read anew. */
const VALID_SECONDS = 3_000;

/** A position of the feed as clients keep it: sealed, so that none can have the database search from the beginning of time. */
@Injectable()
export class LivePositions {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    private readonly clock: Clock,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll(PURPOSE);
  }

  seal(position: string): string {
    return seal(JSON.stringify([this.clock.now().getTime(), position]), this.keys[0], PURPOSE);
  }

  /** Null for what no node of ours has sealed, or did too long ago. */
  open(sealed: unknown): string | null {
    if (typeof sealed !== 'string' || sealed === '') return null;
    const text = unsealByAny(sealed, this.keys, PURPOSE);
    if (text === null) return null;
    const [at, position] = JSON.parse(text) as [number, string];
    return this.clock.now().getTime() - at <= VALID_SECONDS * 1000 ? position : null;
  }
}
