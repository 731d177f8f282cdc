/** The headings of a user's security log. */
export const SECURITY_LOG_KINDS = ['sign_in', 'credentials', 'api_keys', 'account'] as const;

/** The subject of an entry in a user's security log. */
export type SecurityLogKind = (typeof SECURITY_LOG_KINDS)[number];

/** How an audit event is shown to the user it happened to. */
export interface SecurityLogEvent {
  readonly kind: SecurityLogKind;
  /** Which of its details the user sees; default: none. Never a reason, and nothing about an admin. */
  readonly details?: readonly string[];
  /** Whether address and browser stay hidden, as those of an event that an admin may have caused unnamed. Default: they are shown. */
  readonly hidesOrigin?: boolean;
}

/** DI token of the audit events that users are shown in their security log, by type: a map of {@link SecurityLogEvent}. */
export const SECURITY_LOG_EVENTS = Symbol('coatcheck.securityLogEvents');
