import { SECURITY_EVENTS, type SecurityColumn, type SecurityEventName } from '../../src/security/security-table.js';

const HEADINGS: Readonly<Record<SecurityColumn, string>> = {
  sessions: 'sessions, refresh tokens',
  sessionGrants: 'session grants',
  pendingLogins: 'pending logins',
  knownDevices: 'known devices',
  loginMails: 'sign-in mails',
  verificationLinks: 'links: verify',
  resetLinks: 'links: reset',
  unlockLinks: 'links: unlock',
  emailChangeLinks: 'e-mail change: confirm',
  undoLinks: 'e-mail change: undo',
  notMeLinks: '"this was not me"',
  apiKeys: 'API keys',
  rotatedApiKeys: 'API keys in their overlap',
  certificates: 'client certificates',
  invitations: 'invitations sent',
  factors: 'factors',
  federatedIdentities: 'linked logins',
  offlineGrants: 'offline grants',
  usernames: 'username (if the user chose it)',
  password: 'password',
};

const EVENTS: Readonly<Record<SecurityEventName, string>> = {
  mailbox_proven:
    'the mailbox is proven for the first time, by a verification or a reset link, by a login by e-mail, or by a login with an outside provider that vouches for it',
  mailbox_proven_again: 'the mailbox is proven again',
  mailbox_proven_elsewhere:
    'a login with an outside provider that vouches for it proves an unverified address of a user who had a verified one before, or the first login by e-mail the address to which a user has just moved',
  password_changed: 'the password is changed',
  password_reset: 'the password is reset by a mailed link',
  email_changed: 'the address is changed (confirmed by the new mailbox)',
  email_change_undone: 'a change of address is undone',
  email_changed_by_admin: 'an admin changes the address',
  factor_enrolled: 'a factor is enrolled',
  way_in_added: 'a browser creates a passkey by itself after a login by password',
  factor_changed: 'a factor is replaced',
  factor_removed: 'a factor is removed',
  not_me: 'the user follows the "this was not me" link of a notification',
  factors_reset: 'an admin resets the factors',
  logged_out_others: 'the user logs out all other sessions',
  logged_out_everywhere: 'the user logs out everywhere',
  logged_out_by_admin: 'an admin logs the user out',
  roles_changed: 'the roles of the user change',
  banned: 'the user is banned',
  all_revoked: 'an admin ends all sessions and API keys of all users',
  deleted: 'the user is deleted',
  refresh_token_reused: 'a used refresh token is sent again',
};

/** The table of security events as `docs/reference/security-events.md` has it. */
export function securityEventsReference(): string {
  const columns = Object.keys(HEADINGS) as SecurityColumn[];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = (Object.keys(EVENTS) as SecurityEventName[]).map((event) => {
    const cells = columns.map((column) =>
      SECURITY_EVENTS[event][column] === 'none' ? '–' : SECURITY_EVENTS[event][column],
    );
    return line([`\`${event}\``, EVENTS[event], ...cells]);
  });
  return [
    '# Security events',
    '',
    'What each event ends. Generated from `src/security/security-table.ts`. `AccountSecurity.apply` does all of it in one transaction with the',
    'change itself, and returns when no node accepts any longer what has ended.',
    '',
    line(['event', 'when', ...columns.map((column) => HEADINGS[column])]),
    line(['event', 'when', ...columns].map(() => '---')),
    ...rows,
    '',
    '- `all`: everything of that kind. `–`: nothing.',
    '- `others`: all except the session from which the event was caused.',
    '- `since`: what was added since the event that is undone, i.e. since the change of address was requested or the way to sign in was changed; of API keys, factors and linked logins also what is up to ten seconds older, because the clocks of two nodes differ. If no mailbox of the account had been proven by then: all API keys, factors and linked logins.',
    '- `ifMoved`: all, if the user moved the account to its current address and that change can still be undone; otherwise nothing.',
    '- `insufficient`: all, if the new roles require a second factor and the old roles did not. Otherwise sessions continue, and older access tokens must be refreshed.',
    '- `one`: the one that the event concerns.',
    '- "All" sessions include those in which the user, as an admin, acts as another user. After every event, all nodes reload the user.',
    '- API keys and client certificates of a banned user are refused while the ban lasts.',
    '- A linked login that is the proof of a mailbox stays.',
    '- When the password ends, no password is accepted until a new one is set. The first proof of a mailbox keeps the password of the registration to which the link belongs.',
    '- If the mailbox of an account was ever proven, its second factors survive every change and re-verification of the address.',
    '- Session grants are what OAuth clients may do while a session lasts; they also end with their session. Offline grants outlive it. Consents are remembered until the user withdraws them or is deleted.',
    '',
  ].join('\n');
}
