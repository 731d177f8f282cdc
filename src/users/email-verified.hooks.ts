import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Somebody has proven, for the first time, to read a user's mailbox. */
export interface EmailVerified {
  readonly userId: string;
  /** The token that was first mailed; a link mailed again stands for the same. */
  readonly tokenId: string;
}

/** Takes part in the verification's transaction: query through `manager` only. What it throws undoes the verification. */
export type EmailVerifiedListener = (event: EmailVerified, manager: EntityManager) => Promise<void>;

/**
 * Where rooms say what must happen when an address is verified. Whatever was set up before, anybody may have set up.
 *
 * @example
 * constructor(hooks: EmailVerifiedHooks) { hooks.add(({ userId }, manager) => this.forget(userId, manager)); }
 */
@Injectable()
export class EmailVerifiedHooks {
  private readonly listeners: EmailVerifiedListener[] = [];

  add(listener: EmailVerifiedListener): void {
    this.listeners.push(listener);
  }

  /** One after the other, in the order they were added. */
  async run(event: EmailVerified, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener(event, manager);
  }
}
