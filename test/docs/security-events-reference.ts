import { SECURITY_EVENTS, type SecurityColumn, type SecurityEventName } from '../../src/security/security-events.js';

const HEADINGS: Readonly<Record<SecurityColumn, string>> = {
  sessions: 'sessions, refresh tokens',
  sessionGrants: 'session grants',
  pendingLogins: 'pending logins',
  rememberedDevices: 'remembered devices',
  verificationLinks: 'links: verify',
  resetLinks: 'links: reset',
  unlockLinks: 'links: unlock',
  emailChangeLinks: 'e-mail change: confirm',
  undoLinks: 'e-mail change: undo',
  notMeLinks: '"this was not me"',
  apiKeys: 'API keys',
  rotatedApiKeys: 'API keys in their overlap',
  certificates: 'client certificates',
  factors: 'factors',
  offlineGrants: 'offline grants',
  password: 'password',
};

const EVENTS: Readonly<Record<SecurityEventName, string>> = {
  mailbox_proven: 'the mailbox is proven for the first time, by a verification or a reset link',
  mailbox_proven_again: 'a later proof of an address',
  password_changed: 'the password is changed',
  password_reset: 'the password is reset by a mailed link',
  email_changed: 'the address is changed (confirmed by the new mailbox)',
  email_change_undone: 'a change of address is taken back',
  email_changed_by_admin: 'an admin changes the address',
  factor_enrolled: 'a factor is enrolled',
  factor_changed: 'a factor is replaced',
  factor_removed: 'a factor is removed',
  not_me: '"this was not me", the link in a notice of a changed way in',
  factors_reset: 'an admin resets the factors',
  logged_out_others: 'the user logs out all other sessions',
  logged_out_everywhere: 'the user logs out everywhere',
  logged_out_by_admin: 'an admin logs the user out',
  roles_changed: 'roles change',
  banned: 'the user is banned',
  all_revoked: 'everything of everyone is revoked',
  deleted: 'the user is deleted',
  refresh_token_reused: 'a refresh token comes back after its use',
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
    'What each event ends, generated from `src/security/security-events.ts`. `AccountSecurity.apply` makes all of it, with the change',
    'itself, in one transaction; it returns when no node accepts any longer what has ended.',
    '',
    line(['event', 'when', ...columns.map((column) => HEADINGS[column])]),
    line(['event', 'when', ...columns].map(() => '---')),
    ...rows,
    '',
    '- `all`: all of it. `–`: nothing.',
    '- `others`: all but the session the event comes from.',
    '- `since`: what came about since the event that is taken back: since the change of address was requested, or the way in was changed; of keys and factors all, if no mailbox of the account had been proven by then.',
    '- `ifMoved`: all, if a change that its user made led the account to its address, until the time to take that change back has run out; else nothing.',
    '- `insufficient`: all, if the new roles require a second factor and the old did not. Else sessions go on, and older access tokens are refreshed.',
    '- `one`: the one that the event is about.',
    '- "All" of sessions includes the sessions in which the user acts as somebody else, as an admin. Every event has all nodes load the user anew.',
    '- API keys and client certificates of a banned user are refused while the ban lasts.',
    '- When the password ends, none is right any more; the first proof of a mailbox keeps the one that was chosen with the registration the link belongs to.',
    '- Second factors of an account whose mailbox was ever proven survive every change and re-verification of the address.',
    '- Session grants and offline grants come with OAuth; no feature keeps any yet.',
    '',
  ].join('\n');
}
