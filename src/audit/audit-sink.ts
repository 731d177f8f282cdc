/** Something that happened. Carries no secret, no token, no e-mail address. */
export interface AuditEvent {
  /** `room.what`, e.g. `sessions.ended`. */
  readonly type: string;
  readonly userId?: string | null;
  readonly sessionId?: string | null;
  /** The internal reason of a refusal. */
  readonly reason?: string;
  readonly ip?: string | null;
  readonly [detail: string]: unknown;
}

/** Where security events go. Default: one JSON line each, to the Nest logger. */
export abstract class AuditSink {
  abstract record(event: AuditEvent): void;
}
