/*
 * What was decided before the code was written, and where the code has left it since. The tests take what they expect from here and
 * never from `src/security`, which is compared with it: so a cell that changes there has to be argued for here.
 */

/** As decided. A cell is what ends; `–` is nothing. */
interface DecidedRow {
  readonly sessions: string;
  readonly pending: string;
  readonly links: string;
  readonly confirm: string;
  readonly undo: string;
  readonly keys: string;
  readonly factors: string;
  readonly grants: string;
  readonly password: string;
}

/** Columns as decided, each with those it became. */
const DECIDED_COLUMNS: Readonly<Record<keyof DecidedRow, readonly string[]>> = {
  sessions: ['sessions', 'sessionGrants'],
  pending: ['pendingLogins', 'knownDevices'],
  links: ['verificationLinks', 'resetLinks', 'unlockLinks'],
  confirm: ['emailChangeLinks'],
  undo: ['undoLinks'],
  keys: ['apiKeys'],
  factors: ['factors'],
  grants: ['offlineGrants'],
  password: ['password'],
};

const row = (line: string): DecidedRow => {
  const cells = line.split('|').map((cell) => cell.trim());
  const names = Object.keys(DECIDED_COLUMNS);
  if (cells.length !== names.length) throw new Error(`${cells.length} cells: ${line}`);
  return Object.fromEntries(names.map((name, i) => [name, cells[i]])) as unknown as DecidedRow;
};

/**
 * The decided table, literally. Its footnotes: ¹ if the proving mailbox came to the account by an address change whose way back is still
 * open, what is from before that change ends too; the undo link mailed with that change lives. ² Second factors of an established user
 * survive every change and re-verification of the address.
 */
const DECIDED: Readonly<Record<string, DecidedRow>> = {
  mailbox_proven: row('all | all | all | all | all | all | all | all | that of the registration, else chosen now'),
  password_changed: row('others | all | all | all | – | – | – | all | new'),
  password_reset: row('all | all | all | all | – ¹ | – ¹ | – ¹ | all | new'),
  email_changed: row('– (changed) | – | all | all others | – | – | – | – | –'),
  email_change_undone: row('all | all | all | all | all others | since | since | all | void'),
  email_changed_by_admin: row('all | all | all | all | all | – | – ² | all | –'),
  factor_enrolled: row('others | all | – | – | – | – | – | – | –'),
  way_in_added: row('– | – | – | – | – | – | – | – | –'),
  factor_changed: row('others | all | – | – | – | – | – | – | –'),
  factor_removed: row('others | all | – | – | – | – | – | – | –'),
  not_me: row('all | all | all | all | all | since | that one | all | void'),
  factors_reset: row('all | all | reset, unlock | all | all | – | all | all | –'),
  logged_out_others: row('others | all | – | all | – | – | – | others’ session grants | –'),
  logged_out_everywhere: row('all | all | – | all | – | – | – | all | –'),
  logged_out_by_admin: row('all | all | – | all | all | – | – | all | –'),
  roles_changed: row('changed; not allowed by the new policy | all | – | – | – | – | – | – | –'),
  banned: row('all | all | all | all | all | refused while banned | – | all | –'),
  all_revoked: row('all | all | reset | all | all | all | – | all | –'),
  deleted: row('all | all | all | all | all | all | all | all | all'),
  refresh_token_reused: row('that session | – | – | – | – | – | – | that grant | –'),
};

/** What a decided cell is called in the code. */
const EXTENT_OF: Readonly<Record<string, string>> = {
  all: 'all',
  'all others': 'all',
  others: 'others',
  '–': 'none',
  '– (changed)': 'none',
  '– ¹': 'beforeMove',
  '– ²': 'none',
  since: 'since',
  'that one': 'one',
  'that session': 'one',
  'that grant': 'one',
  // Others' sessions end, and their grants with them; offline grants are bound to no session.
  'others’ session grants': 'none',
  'changed; not allowed by the new policy': 'insufficient',
  // By the user's standing, not by an end.
  'refused while banned': 'none',
  // The event sets it; when it sets none, none is right any more.
  new: 'none',
  void: 'all',
  'that of the registration, else chosen now': 'all',
};

/** A cell in which the code does not do what was decided, or which nobody had decided. */
interface Deviation {
  readonly event: string;
  readonly column: string;
  /** Null: nothing was. */
  readonly decided: string | null;
  readonly built: string;
  readonly why: string;
}

const MOVED = 'sessions go on through the move: whoever made it sets up as much after it as before it';
const TWICE = 'a thief who moves the account twice would rid the owner of the way back';
const AGAIN = 'a later proof shows that somebody still reads the mailbox, which changes nothing but the link';
const NOT_ME = 'a notice of its own kind of link: what takes back a change, as the undo link does';
const MACHINES = 'machines are set up by admins: only the end of their user ends their certificates';

const INVITED =
  'asked for in a session and good by a mailbox, as a pending change of address is: it ends wherever that does, but for a change of the address';

const REPLACED =
  'one that was replaced is kept for who has not learnt of it yet, not for who has it unknown to the owner';
const SINCE = 'whoever set up two factors would keep the other, whose own notice ends with the rest';

const PROVEN_ELSEWHERE =
  'who reads a mailbox that was not verified has proven it, as by a reset; nothing chooses a password, so none is right';
const LINKED =
  'a way in that its user has added, as a key is: it ends where keys end because somebody else may have added them';

const LOGIN_MAILS =
  'what is mailed to sign in with is a login that has begun: it ends wherever those do, and with the address that it was mailed to';

const NAMES =
  'a name to log in with opens nothing: it ends where whoever chose it may be another person, and with its user';

const LEFT =
  'a device that was known at an address that its user has left would have a budget of its own for guesses at whoever has it next';

const of = (
  columns: readonly string[],
  decided: string | null,
  built: string,
  why: string,
  events: readonly string[],
) => events.flatMap((event) => columns.map((column): Deviation => ({ event, column, decided, built, why })));

export const DEVIATIONS: readonly Deviation[] = [
  ...of(['undoLinks'], 'beforeMove', 'none', TWICE, ['password_reset']),
  ...of(['apiKeys', 'factors'], 'beforeMove', 'ifMoved', MOVED, ['password_reset']),
  ...of(['undoLinks'], 'all', 'since', TWICE, ['email_change_undone', 'not_me']),
  ...of(['verificationLinks'], null, 'all', AGAIN, ['mailbox_proven_again']),
  ...of(['notMeLinks'], null, 'since', TWICE, ['email_change_undone', 'not_me']),
  ...of(['notMeLinks'], null, 'all', NOT_ME, [
    'mailbox_proven',
    'email_changed_by_admin',
    'factors_reset',
    'logged_out_by_admin',
    'banned',
    'all_revoked',
    'deleted',
  ]),
  ...of(['knownDevices'], 'none', 'all', LEFT, ['email_changed']),
  ...of(['usernames'], null, 'all', NAMES, ['mailbox_proven', 'deleted']),
  ...of(['loginMails'], null, 'all', LOGIN_MAILS, [
    ...['mailbox_proven', 'mailbox_proven_elsewhere', 'password_changed', 'password_reset', 'email_changed'],
    ...['email_change_undone', 'email_changed_by_admin', 'factor_enrolled', 'factor_changed', 'factor_removed'],
    ...['not_me', 'factors_reset', 'logged_out_others', 'logged_out_everywhere', 'logged_out_by_admin'],
    ...['roles_changed', 'banned', 'all_revoked', 'deleted'],
  ]),
  ...of(['factors'], 'one', 'since', SINCE, ['not_me']),
  ...of(['rotatedApiKeys'], null, 'all', REPLACED, [
    'mailbox_proven',
    'password_changed',
    'password_reset',
    'email_change_undone',
    'not_me',
    'all_revoked',
    'deleted',
  ]),
  ...of(['federatedIdentities'], null, 'all', LINKED, ['mailbox_proven', 'deleted']),
  ...of(['federatedIdentities'], null, 'since', LINKED, ['email_change_undone', 'not_me']),
  ...of(['federatedIdentities'], null, 'ifMoved', LINKED, ['password_reset', 'mailbox_proven_elsewhere']),
  ...of(
    [
      ...['sessions', 'sessionGrants', 'pendingLogins', 'knownDevices', 'verificationLinks', 'resetLinks'],
      ...['unlockLinks', 'emailChangeLinks', 'invitations', 'rotatedApiKeys', 'offlineGrants', 'password'],
    ],
    null,
    'all',
    PROVEN_ELSEWHERE,
    ['mailbox_proven_elsewhere'],
  ),
  ...of(['apiKeys', 'factors'], null, 'ifMoved', MOVED, ['mailbox_proven_elsewhere']),
  ...of(['certificates'], null, 'all', MACHINES, ['deleted']),
  ...of(['invitations'], null, 'all', INVITED, [
    'mailbox_proven',
    'password_changed',
    'password_reset',
    'email_change_undone',
    'email_changed_by_admin',
    'not_me',
    'factors_reset',
    'logged_out_others',
    'logged_out_everywhere',
    'logged_out_by_admin',
    'banned',
    'all_revoked',
    'deleted',
  ]),
];

/** Columns that nobody had decided. */
const ADDED_COLUMNS = [
  'loginMails',
  'usernames',
  'notMeLinks',
  'rotatedApiKeys',
  'certificates',
  'invitations',
  'federatedIdentities',
];
/** Events that nobody had decided. */
const ADDED_EVENTS = ['mailbox_proven_again', 'mailbox_proven_elsewhere'];

export const EVENTS: readonly string[] = [...Object.keys(DECIDED), ...ADDED_EVENTS];
export const COLUMNS: readonly string[] = [...Object.values(DECIDED_COLUMNS).flat(), ...ADDED_COLUMNS];

/** What was decided for a cell, in the code's words; null for one that nobody had decided. */
export function decidedExtent(event: string, column: string): string | null {
  const decided = DECIDED[event];
  const name = Object.keys(DECIDED_COLUMNS).find((one) => DECIDED_COLUMNS[one as keyof DecidedRow].includes(column));
  if (!decided || !name) return null;
  const cell = decided[name as keyof DecidedRow];
  if (name === 'links' && !(cell in EXTENT_OF))
    return cell.split(', ').some((kind) => `${kind}Links` === column) ? 'all' : 'none';
  const extent = EXTENT_OF[cell];
  if (extent === undefined) throw new Error(`nobody knows what "${cell}" means`);
  return extent;
}

/** What is expected of a cell: what was decided, or what has left it. */
export function expectedExtent(event: string, column: string): string {
  const deviation = DEVIATIONS.find((one) => one.event === event && one.column === column);
  return deviation?.built ?? decidedExtent(event, column) ?? 'none';
}
