import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A change after which not everything may go on as before; `sessions/revocation-policy.ts` says what ends. */
export type SecurityChangeName =
  | 'password_changed'
  | 'password_reset'
  | 'email_changed'
  | 'email_change_undone'
  | 'factor_enrolled'
  | 'factor_changed'
  | 'factor_removed'
  | 'factors_reset'
  | 'user_banned'
  | 'user_deleted'
  | (string & {});

/** One that is being made, or was made. */
export interface SecurityChange {
  readonly name: SecurityChangeName;
  readonly userId: string;
}

/** Takes part in the change's transaction: query through `manager` only. What it throws undoes the change. */
export type SecurityChangeListener = (change: SecurityChange, manager: EntityManager) => Promise<void>;

/**
 * Where rooms say what must happen together with a change: forget what belonged to a deleted user, lift a lock after a reset.
 *
 * @example
 * constructor(hooks: SecurityChangeHooks) {
 *   hooks.on('user_deleted', ({ userId }, manager) => manager.delete(OrderEntity, { userId }));
 * }
 */
@Injectable()
export class SecurityChangeHooks {
  private readonly listeners = new Map<SecurityChangeName, SecurityChangeListener[]>();
  private readonly general: SecurityChangeListener[] = [];
  private readonly afterwards = new Map<SecurityChangeName, ((change: SecurityChange) => Promise<void>)[]>();

  on(name: SecurityChangeName, listener: (change: SecurityChange, manager: EntityManager) => Promise<unknown>): void {
    const listen: SecurityChangeListener = async (change, manager) => void (await listener(change, manager));
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listen]);
  }

  /** For what must happen with every change, whatever its name. */
  onEvery(listener: SecurityChangeListener): void {
    this.general.push(listener);
  }

  /** For what lies outside the database. Called when the change has been committed, before it is answered. */
  onceMade(name: SecurityChangeName, listener: (change: SecurityChange) => Promise<void>): void {
    this.afterwards.set(name, [...(this.afterwards.get(name) ?? []), listener]);
  }

  /** One after the other, those of every change first, each kind in the order they were added. */
  async run(change: SecurityChange, manager: EntityManager): Promise<void> {
    for (const listener of [...this.general, ...(this.listeners.get(change.name) ?? [])])
      await listener(change, manager);
  }

  async runOnceMade(change: SecurityChange): Promise<void> {
    for (const listener of this.afterwards.get(change.name) ?? []) await listener(change);
  }
}
