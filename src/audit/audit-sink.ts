import type { DataSource, EntityManager } from 'typeorm';
import type { AuditEventType } from './audit-event-types.js';

/** Something that happened. Carries no secret and no token; an e-mail address never. */
export interface AuditEvent {
  /** One of a closed list, e.g. `login.failed`: `docs/reference/events.md`. */
  readonly type: AuditEventType;
  /** The user it happened to; null or absent: unknown. */
  readonly userId?: string | null;
  /** Who did it, if not that user, e.g. an admin. */
  readonly actorId?: string | null;
  readonly sessionId?: string | null;
  /** The internal reason of a refusal. */
  readonly reason?: string;
  /** The origin of the request that caused it. */
  readonly origin?: AuditOrigin | null;
  readonly [detail: string]: unknown;
}

/** Where the request came from. */
export interface AuditOrigin {
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** Events as the parameters of a statement that writes them itself: see `recordingEvents`. */
export interface WrittenEvents {
  /** A JSON array. */
  readonly events: string;
  /** `AuditDestinations.all`; which of the events each is told of, the statement says. */
  readonly destinations: readonly string[];
}

/** How a sink lets a statement write its events. */
export interface StatementEvents extends WrittenEvents {
  /** Call it with each event once it was written. */
  written(event: AuditEvent): void;
}

/** Where security events go. Default: one JSON line each, to the Nest logger. */
export abstract class AuditSink {
  /**
   * Records an event. `within` is the transaction of the change it tells of: the record is there if, and only if, that commits.
   * Without it, resolves when it is recorded. Never rejects without `within`: what happened has happened.
   */
  abstract record(event: AuditEvent, within?: EntityManager): Promise<void>;

  /**
   * The events as a statement on `dataSource` is to write them; null, the default: this sink keeps them elsewhere, and {@link record}s
   * them once their change is made. @see PendingAuditEvents
   */
  writtenBy(_events: readonly AuditEvent[], _dataSource: DataSource): StatementEvents | null {
    return null;
  }
}
