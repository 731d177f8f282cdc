import type { SecurityEventName } from '../../src/security/security-table.js';
import { SoftwareAuthenticator } from '../../src/testing/index.js';
import { ORIGIN, PasskeyHolder } from '../flows/passkey-holder.js';
import { expected, freshAddress, type Holder, type Preparation } from './holder.js';

/** How the account is reached after an event. */
export interface Aftermath {
  /** Where it is now. Default: where it was. */
  readonly email?: string;
  /** What the event has set. */
  readonly password?: string;
  /** With which a password is to be chosen. */
  readonly resetToken?: string;
  /** Lets the user be tried: after a ban. */
  readonly lift?: () => Promise<void>;
}

/** A way in which an event comes about, by its real route. */
export interface Happening extends Preparation {
  readonly event: SecurityEventName | 'no event';
  readonly how: string;
  /** Holdings that the event itself uses up or replaces, by their names in `trials.ts`. */
  readonly itself?: readonly string[];
  /** The new roles ask for more. */
  readonly isMoreRequired?: boolean;
  /** Only where refresh tokens are. */
  readonly onlyBy?: 'jwt';
  happen(holder: Holder): Promise<Aftermath>;
}

export const NEW_PASSWORD = 'seventeen quiet otters';

const reset = async (holder: Holder): Promise<Aftermath> => {
  await expected(204, holder.post('/auth/password/reset', { token: holder.links.reset, password: NEW_PASSWORD }));
  return { password: NEW_PASSWORD };
};
/** The provider's word is good for the address. A password is chosen by the link that is mailed then. */
const proveElsewhere = async (holder: Holder): Promise<Aftermath> => {
  const { error } = await holder.logInElsewhere(`owner-of-${holder.email}`, 'vouching', holder.email);
  if (error) throw new Error(`the login elsewhere: ${error}`);
  return { resetToken: await holder.mailed(holder.email, 'Reset your password') };
};
const nothing = async () => ({});
const byAdmin = (method: string, path: string, status: number, body?: object) => async (holder: Holder) => {
  await expected(status, holder.asAdmin(method, path, body));
  return {};
};
const logOutAll = (body: object) => async (holder: Holder) => {
  await expected(204, holder.act('POST', '/auth/logout-all', body));
  return {};
};

/** Without an event everything must be good. */
const NO_EVENT: readonly Happening[] = [
  { event: 'no event', how: 'nothing happens', happen: nothing },
  { event: 'no event', how: 'nothing happens to an unproven user', isUnproven: true, happen: nothing },
  { event: 'no event', how: 'nothing happens to a user who has moved', isMoved: true, happen: nothing },
];

/** What happens to the mailbox and the password, in each way that makes a difference. */
const OF_MAILBOX_AND_PASSWORD: readonly Happening[] = [
  {
    event: 'mailbox_proven',
    how: 'by a verification link',
    isUnproven: true,
    itself: ['a link that verifies'],
    async happen(holder) {
      const { resetToken } = await expected(200, holder.post('/auth/email/verify', { token: holder.links.verify }));
      return { resetToken };
    },
  },
  {
    event: 'mailbox_proven',
    how: 'by a reset link',
    isUnproven: true,
    itself: ['a link that resets', 'the password'],
    happen: reset,
  },
  {
    event: 'mailbox_proven',
    how: 'by a login elsewhere',
    isUnproven: true,
    happen: proveElsewhere,
  },
  {
    event: 'mailbox_proven_elsewhere',
    how: 'by a login elsewhere',
    // Else the reset by which a password is chosen then would end factors.
    isSettled: true,
    happen: proveElsewhere,
  },
  {
    event: 'mailbox_proven_again',
    how: 'by a verification link',
    itself: ['a link that verifies'],
    async happen(holder) {
      await expected(204, holder.post('/auth/email/verify', { token: holder.links.verify }));
      return {};
    },
  },
  {
    event: 'password_changed',
    how: 'by its user',
    itself: ['the password'],
    async happen(holder) {
      const body = { currentPassword: holder.password, newPassword: NEW_PASSWORD };
      await expected(204, holder.act('POST', '/auth/password/change', body));
      return { password: NEW_PASSWORD };
    },
  },
  {
    event: 'password_reset',
    how: 'by a mailed link',
    isSettled: true,
    itself: ['a link that resets', 'the password'],
    happen: reset,
  },
  {
    event: 'password_reset',
    how: 'by a mailbox that the account was moved to',
    isMoved: true,
    itself: ['a link that resets', 'the password'],
    happen: reset,
  },
  {
    event: 'email_changed',
    how: 'by the link that confirms it',
    itself: ['a link that confirms a new address'],
    async happen(holder) {
      await expected(204, holder.post('/auth/email/change/confirm', { token: holder.links.confirm }));
      return { email: holder.wanted };
    },
  },
  {
    event: 'email_change_undone',
    how: 'by the former mailbox',
    // Else the reset by which a password is chosen then would end factors.
    isSettled: true,
    isMoved: true,
    async happen(holder) {
      await expected(204, holder.post('/auth/email/change/undo', { token: holder.links.moveUndo }));
      const resetToken = await holder.mailed(holder.formerEmail, 'password');
      return { email: holder.formerEmail, resetToken };
    },
  },
  {
    event: 'not_me',
    how: 'by who was told of a way in',
    isSettled: true,
    itself: ['a notice’s "not me"'],
    async happen(holder) {
      await expected(204, holder.post('/auth/security/not-me', { token: holder.links.notMe }));
      return { resetToken: await holder.mailed(holder.email, 'password') };
    },
  },
  {
    event: 'email_changed_by_admin',
    how: 'by an admin',
    async happen(holder) {
      const email = freshAddress();
      await expected(200, holder.asAdmin('PATCH', '', { email }));
      return { email };
    },
  },
  {
    event: 'mailbox_proven_elsewhere',
    how: 'by a login elsewhere, of a mailbox that the account was moved to',
    isMoved: true,
    happen: proveElsewhere,
  },
];

/** What happens to factors, sessions and the user. */
const OF_THE_OTHERS: readonly Happening[] = [
  {
    event: 'factor_enrolled',
    how: 'by its user, who links a login elsewhere',
    async happen(holder) {
      await holder.refreshed();
      await holder.link();
      return {};
    },
  },
  {
    event: 'factor_enrolled',
    how: 'by its user',
    async happen(holder) {
      const another = new PasskeyHolder(holder.app, holder.own, new SoftwareAuthenticator({ origin: ORIGIN }));
      await holder.refreshed();
      await expected(201, another.register());
      return {};
    },
  },
  {
    event: 'way_in_added',
    how: 'by a browser that creates a passkey by itself',
    async happen(holder) {
      const another = new PasskeyHolder(holder.app, holder.own, new SoftwareAuthenticator({ origin: ORIGIN }));
      await holder.refreshed();
      await expected(201, another.upgrade());
      return {};
    },
  },
  {
    event: 'factor_changed',
    how: 'by its user',
    itself: ['older recovery codes'],
    async happen(holder) {
      await expected(200, holder.act('POST', '/auth/factors/recovery-codes'));
      return {};
    },
  },
  {
    event: 'factor_removed',
    how: 'by its user',
    itself: ['a passkey'],
    async happen(holder) {
      const { passkeys } = await expected(200, holder.act('GET', '/auth/factors/passkeys'));
      await expected(204, holder.act('DELETE', `/auth/factors/passkeys/${passkeys[0].id}`));
      return {};
    },
  },
  { event: 'factors_reset', how: 'by an admin', happen: byAdmin('POST', '/factor-reset', 204) },
  { event: 'logged_out_others', how: 'by their user', happen: logOutAll({ keepCurrent: true }) },
  { event: 'logged_out_everywhere', how: 'by their user', happen: logOutAll({}) },
  { event: 'logged_out_by_admin', how: 'by an admin', happen: byAdmin('POST', '/logout', 204) },
  { event: 'roles_changed', how: 'to others', happen: byAdmin('PUT', '/roles', 200, { roles: ['editor'] }) },
  {
    event: 'roles_changed',
    how: 'to some that ask for more',
    isMoreRequired: true,
    happen: byAdmin('PUT', '/roles', 200, { roles: ['boss'] }),
  },
  {
    event: 'banned',
    how: 'by an admin',
    async happen(holder) {
      await expected(204, holder.asAdmin('POST', '/ban', {}));
      return { lift: () => expected(204, holder.asAdmin('POST', '/unban')) };
    },
  },
  {
    event: 'all_revoked',
    how: 'by an admin',
    async happen(holder) {
      await expected(204, holder.admin.post('/admin/revoke-all', {}));
      holder.admin = await holder.app.logInAgain({ ...holder.admin, transport: 'cookie' });
      return {};
    },
  },
  { event: 'deleted', how: 'by an admin', happen: byAdmin('DELETE', '', 204) },
  {
    event: 'deleted',
    how: 'by themselves',
    async happen(holder) {
      await expected(204, holder.act('DELETE', '/auth/me', { password: holder.password }));
      return {};
    },
  },
  {
    event: 'refresh_token_reused',
    how: 'by whoever has a copy',
    onlyBy: 'jwt',
    itself: ['a refresh token'],
    async happen(holder) {
      const copy = holder.drifting.copy();
      await expected(200, holder.drifting.post('/auth/refresh', {}));
      await expected(401, copy.post('/auth/refresh', {}));
      return {};
    },
  },
  {
    event: 'factor_removed',
    how: 'by its user, who unlinks a login elsewhere',
    itself: ['a linked login'],
    async happen(holder) {
      await holder.refreshed();
      const { identities } = await expected(200, holder.act('GET', '/auth/identities'));
      await expected(204, holder.act('DELETE', `/auth/identities/${identities[1].id}`));
      return {};
    },
  },
];

/** Every event. */
export const HAPPENINGS: readonly Happening[] = [...NO_EVENT, ...OF_MAILBOX_AND_PASSWORD, ...OF_THE_OTHERS];
/** For two files of about as long. */
export const HALVES = {
  mailboxAndPassword: [...NO_EVENT, ...OF_MAILBOX_AND_PASSWORD],
  others: [...NO_EVENT.slice(0, 1), ...OF_THE_OTHERS],
} as const;
