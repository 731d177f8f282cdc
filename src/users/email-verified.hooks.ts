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
  private readonly afterwards: ((event: EmailVerified) => Promise<void>)[] = [];

  add(listener: EmailVerifiedListener): void {
    this.listeners.push(listener);
  }

  /** For what lies outside the database. Called when the verification has been committed, before it is answered. */
  addAfterwards(listener: (event: EmailVerified) => Promise<void>): void {
    this.afterwards.push(listener);
  }

  async runAfterwards(event: EmailVerified): Promise<void> {
    for (const listener of this.afterwards) await listener(event);
  }

  /** One after the other, in the order they were added. */
  async run(event: EmailVerified, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener(event, manager);
  }
}
