import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Somebody has proven, for the first time, to read a user's mailbox. */
export interface EmailVerified {
  readonly userId: string;
  /** What the link that was followed stands for, e.g. one registration; a link mailed again stands for the same. */
  readonly originId: string;
  /** `reset`: by a link that sets a password. Whoever followed it chooses one themselves. */
  readonly by: 'verification' | 'reset';
}

/** Something that waits for a user's address to be verified, e.g. a registration. */
export interface PendingOrigin {
  readonly id: string;
  /** When it came about. */
  readonly at: Date;
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
  private readonly sources: ((userId: string) => Promise<readonly PendingOrigin[]>)[] = [];
  private readonly afterwards: ((event: EmailVerified) => Promise<void>)[] = [];

  add(listener: EmailVerifiedListener): void {
    this.listeners.push(listener);
  }

  /** For what lies outside the database. Called when the verification has been committed, before it is answered. */
  addAfterwards(listener: (event: EmailVerified) => Promise<void>): void {
    this.afterwards.push(listener);
  }

  /** Says what is pending for a user: a link that is mailed again must stand for one of them, or it would install nothing. */
  addOrigins(source: (userId: string) => Promise<readonly PendingOrigin[]>): void {
    this.sources.push(source);
  }

  async originsOf(userId: string): Promise<PendingOrigin[]> {
    const origins = await Promise.all(this.sources.map((source) => source(userId)));
    return origins.flat();
  }

  async runAfterwards(event: EmailVerified): Promise<void> {
    for (const listener of this.afterwards) await listener(event);
  }

  /** One after the other, in the order they were added. */
  async run(event: EmailVerified, manager: EntityManager): Promise<void> {
    for (const listener of this.listeners) await listener(event, manager);
  }
}
