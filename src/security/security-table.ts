import type { AuditEventType } from '../audit/audit-event-types.js';

/** An event in the life of an account after which not everything may continue as before. Closed: a new one needs a row in {@link SECURITY_EVENTS}. */
export type SecurityEventName =
  | 'mailbox_proven'
  | 'mailbox_proven_again'
  | 'mailbox_proven_elsewhere'
  | 'password_changed'
  | 'password_reset'
  | 'email_changed'
  | 'email_change_undone'
  | 'email_changed_by_admin'
  | 'factor_enrolled'
  | 'way_in_added'
  | 'factor_changed'
  | 'factor_removed'
  | 'not_me'
  | 'factors_reset'
  | 'logged_out_others'
  | 'logged_out_everywhere'
  | 'logged_out_by_admin'
  | 'roles_changed'
  | 'banned'
  | 'all_revoked'
  | 'deleted'
  | 'refresh_token_reused';

/** The subject of a cell; each holding names one. */
export type SecurityColumn =
  | 'sessions'
  | 'sessionGrants'
  | 'pendingLogins'
  | 'knownDevices'
  | 'loginMails'
  | 'verificationLinks'
  | 'resetLinks'
  | 'unlockLinks'
  | 'emailChangeLinks'
  | 'undoLinks'
  | 'notMeLinks'
  | 'apiKeys'
  | 'rotatedApiKeys'
  | 'certificates'
  | 'invitations'
  | 'factors'
  | 'federatedIdentities'
  | 'offlineGrants'
  | 'usernames'
  | 'password';

/**
 * How much of a holding ends:
 *
 * - `none`: nothing. API keys and certificates are refused by themselves while their user is banned.
 * - `insufficient`: all, if the user's new roles ask for more than was asked for before (`params.isMoreRequired`).
 * - `one`: the one that the event is about.
 * - `ifMoved`: all, if a change that its user made led the account to its address, until the time to take that change back has run out,
 *   also when the way back has ended before; nothing otherwise, or if an admin made it. So no one keeps a way into an account that they
 *   moved onto another user's address: neither one from before, nor one made by the sessions that go on after the move.
 * - `since`: what came about at `params.since` or later. Of keys and factors also what is up to ten seconds older, for the clocks of two
 *   nodes differ; and all, if no mailbox of the account had been proven by then.
 * - `others`: all but `params.exceptSessionId`.
 * - `all`.
 */
export type Extent = 'none' | 'insufficient' | 'one' | 'ifMoved' | 'since' | 'others' | 'all';

/** Each at least as much as those before it. */
export const EXTENTS: readonly Extent[] = ['none', 'insufficient', 'one', 'ifMoved', 'since', 'others', 'all'];

/** The extent to which one event ends each kind of holding. */
export type SecurityRow = Readonly<Record<SecurityColumn, Extent>>;

const NOTHING: SecurityRow = {
  sessions: 'none',
  sessionGrants: 'none',
  pendingLogins: 'none',
  knownDevices: 'none',
  loginMails: 'none',
  verificationLinks: 'none',
  resetLinks: 'none',
  unlockLinks: 'none',
  emailChangeLinks: 'none',
  undoLinks: 'none',
  notMeLinks: 'none',
  apiKeys: 'none',
  rotatedApiKeys: 'none',
  certificates: 'none',
  invitations: 'none',
  factors: 'none',
  federatedIdentities: 'none',
  offlineGrants: 'none',
  usernames: 'none',
  password: 'none',
};

const LOGINS = { pendingLogins: 'all', knownDevices: 'all', loginMails: 'all' } as const;
const LINKS = { verificationLinks: 'all', resetLinks: 'all', unlockLinks: 'all' } as const;
const ALL_SESSIONS = { sessions: 'all', sessionGrants: 'all', ...LOGINS } as const;
const OTHER_SESSIONS = { sessions: 'others', sessionGrants: 'others', ...LOGINS } as const;
/** Asked for in a session, and good once a mailbox says so: a change of the user's own address, a user who is invited. */
const ASKED_FOR = { emailChangeLinks: 'all', invitations: 'all' } as const;
/** The links that undo a change to the account: mailed to its former mailbox, or to the user who was told of a changed way in. */
const WAYS_BACK = { undoLinks: 'all', notMeLinks: 'all' } as const;
/**
 * Not those from before: they are the owner's, and the person who moved the account twice, or was told at a mailbox they moved it to,
 * would otherwise rid themselves of them.
 */
const LATER_WAYS_BACK = { undoLinks: 'since', notMeLinks: 'since' } as const;

/**
 * The holdings that each event ends: the one table. "All" of sessions includes their refresh tokens and the sessions in which the user, as an admin,
 * acts as another user. An address that was proven before clears no factors (`firstVerifiedAt`).
 *
 * The password column: `all` means that no password is right any more, unless the event itself sets one (`params.replaces`).
 */
export const SECURITY_EVENTS: Readonly<Record<SecurityEventName, SecurityRow>> = {
  // Until now a stranger may have set up anything.
  mailbox_proven: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...WAYS_BACK,
    ...ASKED_FOR,
    apiKeys: 'all',
    rotatedApiKeys: 'all',
    factors: 'all',
    federatedIdentities: 'all',
    offlineGrants: 'all',
    // The one that its user chose: an admin or an import may have given another.
    usernames: 'all',
    password: 'all',
  },
  mailbox_proven_again: { ...NOTHING, verificationLinks: 'all' },
  // A provider that vouches for it has proven the mailbox of a user who had another one before: as a reset, but nothing chooses a password.
  mailbox_proven_elsewhere: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...ASKED_FOR,
    apiKeys: 'ifMoved',
    rotatedApiKeys: 'all',
    factors: 'ifMoved',
    federatedIdentities: 'ifMoved',
    offlineGrants: 'all',
    password: 'all',
  },
  // A replaced key lives on for clients that have not learnt of it yet, not for a thief who has it unknown to the owner.
  password_changed: {
    ...NOTHING,
    ...OTHER_SESSIONS,
    ...LINKS,
    ...ASKED_FOR,
    rotatedApiKeys: 'all',
    offlineGrants: 'all',
  },
  password_reset: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...ASKED_FOR,
    // Not the ways back: the one mailed with the change must live, and ending older ones would serve a thief who moves the account twice.
    apiKeys: 'ifMoved',
    rotatedApiKeys: 'all',
    factors: 'ifMoved',
    federatedIdentities: 'ifMoved',
    offlineGrants: 'all',
  },
  // A device that was known at the address that is left would be counted by itself for the user who has it next.
  email_changed: { ...NOTHING, ...LINKS, emailChangeLinks: 'all', knownDevices: 'all', loginMails: 'all' },
  email_change_undone: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...LATER_WAYS_BACK,
    ...ASKED_FOR,
    apiKeys: 'since',
    rotatedApiKeys: 'all',
    factors: 'since',
    federatedIdentities: 'since',
    offlineGrants: 'all',
    password: 'all',
  },
  email_changed_by_admin: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...WAYS_BACK,
    ...ASKED_FOR,
    offlineGrants: 'all',
  },
  factor_enrolled: { ...NOTHING, ...OTHER_SESSIONS },
  // By the browser alone: nothing about other sessions has become weaker, and its user, who was asked nothing, expects no end.
  way_in_added: NOTHING,
  factor_changed: { ...NOTHING, ...OTHER_SESSIONS },
  factor_removed: { ...NOTHING, ...OTHER_SESSIONS },
  not_me: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...LATER_WAYS_BACK,
    ...ASKED_FOR,
    apiKeys: 'since',
    rotatedApiKeys: 'all',
    // Not the one alone: a thief who set up two would keep the other, whose link ends with the rest.
    factors: 'since',
    federatedIdentities: 'since',
    offlineGrants: 'all',
    password: 'all',
  },
  factors_reset: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...WAYS_BACK,
    resetLinks: 'all',
    unlockLinks: 'all',
    ...ASKED_FOR,
    factors: 'all',
    offlineGrants: 'all',
  },
  logged_out_others: { ...NOTHING, ...OTHER_SESSIONS, ...ASKED_FOR },
  logged_out_everywhere: { ...NOTHING, ...ALL_SESSIONS, ...ASKED_FOR, offlineGrants: 'all' },
  logged_out_by_admin: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...WAYS_BACK,
    ...ASKED_FOR,
    offlineGrants: 'all',
  },
  roles_changed: { ...NOTHING, ...LOGINS, sessions: 'insufficient', sessionGrants: 'insufficient' },
  banned: { ...NOTHING, ...ALL_SESSIONS, ...LINKS, ...WAYS_BACK, ...ASKED_FOR, offlineGrants: 'all' },
  all_revoked: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...WAYS_BACK,
    resetLinks: 'all',
    ...ASKED_FOR,
    apiKeys: 'all',
    rotatedApiKeys: 'all',
    offlineGrants: 'all',
  },
  deleted: {
    ...NOTHING,
    ...ALL_SESSIONS,
    ...LINKS,
    ...WAYS_BACK,
    ...ASKED_FOR,
    apiKeys: 'all',
    rotatedApiKeys: 'all',
    certificates: 'all',
    factors: 'all',
    federatedIdentities: 'all',
    offlineGrants: 'all',
    usernames: 'all',
    password: 'all',
  },
  refresh_token_reused: { ...NOTHING, sessions: 'one', sessionGrants: 'one', offlineGrants: 'one' },
};

/** The audit event of each. */
export const AUDITED_AS: Readonly<Record<SecurityEventName, AuditEventType>> = {
  mailbox_proven: 'email.verified',
  mailbox_proven_again: 'email.verified',
  mailbox_proven_elsewhere: 'email.verified',
  password_changed: 'password.changed',
  password_reset: 'password.reset',
  email_changed: 'email.changed',
  email_change_undone: 'email.change_undone',
  email_changed_by_admin: 'email.changed_by_admin',
  factor_enrolled: 'factor.enrolled',
  way_in_added: 'factor.enrolled',
  factor_changed: 'factor.changed',
  factor_removed: 'factor.removed',
  not_me: 'takeover.reported',
  factors_reset: 'factor.reset',
  logged_out_others: 'logout.others',
  logged_out_everywhere: 'logout.everywhere',
  logged_out_by_admin: 'logout.by_admin',
  roles_changed: 'user.roles_changed',
  banned: 'user.banned',
  all_revoked: 'admin.revoked_all',
  deleted: 'user.deleted',
  refresh_token_reused: 'refresh_token.reused',
};
