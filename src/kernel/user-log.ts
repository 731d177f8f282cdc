/** The headings of a user's own security log. */
export const USER_LOG_KINDS = ['sign_in', 'credentials', 'api_keys', 'account'] as const;

/** The subject of an entry in a user's own log. */
export type UserLogKind = (typeof USER_LOG_KINDS)[number];

/** How an audit event is shown to the user it happened to. */
export interface UserLogEvent {
  readonly kind: UserLogKind;
  /** Which of its details the user sees; default: none. Never a reason, and nothing about an admin. */
  readonly details?: readonly string[];
  /** Whether address and browser stay hidden, as those of an event that an admin may have caused unnamed. Default: they are shown. */
  readonly hidesOrigin?: boolean;
}

/** DI token of the audit events that users are shown about themselves, by type: a map of {@link UserLogEvent}. */
export const USER_LOG_EVENTS = Symbol('coatcheck.userLogEvents');
