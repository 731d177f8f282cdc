import { SetMetadata } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEventType } from '../audit/audit-event-types.js';
import type { AuditEvent } from '../audit/audit-sink.js';

/** An event, as the audit records it. */
export interface HeardEvent<T extends AuditEventType = AuditEventType> extends AuditEvent {
  readonly type: T;
  /** When it was recorded, by the application's clock. */
  readonly at: Date;
}

/** Types of events that are recorded in the transaction of their change: only these can be joined. */
export const TRANSACTIONAL_EVENTS = [
  'user.created',
  'user.updated',
  'user.roles_changed',
  'user.claims_changed',
  'user.banned',
  'user.unbanned',
  'user.deleted',
  'email.verified',
  'email.change_requested',
  'email.changed',
  'email.changed_by_admin',
  'email.change_undone',
  'password.changed',
  'password.reset',
  'takeover.reported',
  'factor.enrolled',
  'factor.changed',
  'factor.removed',
  'factor.reset',
  'logout.others',
  'logout.everywhere',
  'logout.by_admin',
  'api_key.created',
  'api_key.revoked',
] as const satisfies readonly AuditEventType[];

/** A type of event that {@link InTransaction} can join. */
export type TransactionalEvent = (typeof TRANSACTIONAL_EVENTS)[number];

export const IN_TRANSACTION = 'coatcheck:inTransaction';
export const AFTER_COMMIT = 'coatcheck:afterCommit';

type Listener<A extends readonly unknown[]> = <M extends (...given: A) => unknown>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/**
 * Calls the method in the transaction of a change, and awaits it, right before the audit event of the change is written. What it writes
 * through `tx` is there if, and only if, the change is; what it throws undoes all of it, and an `AuthError` is the reply. It stands on a
 * method of any provider or controller of the application that is a singleton.
 *
 * The user is locked meanwhile: do little, nothing outside the database, and no query but through `tx`. It is called again when the
 * transaction lost a race and was undone.
 *
 * @example
 * @InTransaction('user.created')
 * makeProfile({ userId }: HeardEvent, tx: EntityManager) { return tx.insert(Profile, { userId }); }
 */
export function InTransaction<T extends TransactionalEvent>(
  ...types: readonly [T, ...T[]]
): Listener<[HeardEvent<T>, EntityManager]> {
  return SetMetadata(IN_TRANSACTION, types);
}

/**
 * Calls the method after these events, once they are committed. No request waits for it, and an error that it throws is logged. Each event is heard at
 * most once, in the process that made it happen: one that stops in between is not made good for. What must not be lost is a webhook
 * (`WEBHOOKS`), which is kept in the database until it was delivered, or the work of {@link InTransaction}.
 *
 * @example
 * @AfterCommit('login.succeeded', 'logout')
 * hear({ type, userId }: HeardEvent) { this.presence.refresh(userId); }
 */
export function AfterCommit<T extends AuditEventType>(...types: readonly [T, ...T[]]): Listener<[HeardEvent<T>]> {
  return SetMetadata(AFTER_COMMIT, types);
}
