import type { TemplateKind } from './template-values.js';

/** A mail in plain words; `<%= it.x %>` is a value. Nothing else in it may be markup. */
export interface BuiltInTemplate {
  readonly subject: string;
  readonly opening: string;
  /** Label of the link, in the mails that carry one. */
  readonly link?: string;
  /** It may be missing: `it.url` is null then. */
  readonly isLinkOptional?: boolean;
  readonly rest: readonly string[];
}

const ONCE = 'The link works once, within <%= it.validFor %>.';
const WHEN = 'When: <%= it.at %>. Device: <%= it.device ?? "unknown" %>.';
const IF_ME = 'If it was you, there is nothing to do.';
/** The rest of a mail whose link says that it was somebody else. */
const NOT_ME =
  '<%= it.url ? `If it was not you, follow the link, within ${it.validFor}: what was changed since then goes, every session ends, and you get a mail to choose a new password.` : "If it was not you, get in touch with those who run " + it.site + "." %>';
const NOT_ME_LINK = { link: 'This was not me', isLinkOptional: true } as const;

/** What is sent unless a template overrides it. No names: whoever typed an address chose the name, and would be mailing strangers. */
export const BUILT_IN_TEMPLATES: Readonly<Record<TemplateKind, BuiltInTemplate>> = {
  'email-verification': {
    subject: 'Verify your e-mail address',
    opening:
      'Somebody registered at <%= it.site %> with this e-mail address on <%= it.at %>. If it was you, follow the link to verify the address.',
    link: 'Verify the address',
    rest: [
      ONCE,
      'Follow it only if you registered yourself at that time: it is good for the password that was chosen then. If it was not you, do not follow it: nothing happens then.',
    ],
  },
  'address-taken': {
    subject: 'You already have an account',
    opening: 'Somebody tried to use this e-mail address at <%= it.site %>, but there is an account with it already.',
    rest: [
      'If it was you, log in with the password of that account, or have a link mailed to choose a new one. Nothing that was just given was kept.',
      'If it was not you, ignore this mail: nothing has changed.',
    ],
  },
  'password-reset': {
    subject: 'Reset your password',
    opening:
      'Somebody asked to reset the password of your account at <%= it.site %>. If it was you, follow the link to choose a new one.',
    link: 'Choose a new password',
    rest: [ONCE, 'If it was not you, ignore this mail: your password stays as it is.'],
  },
  'account-taken-back': {
    subject: 'Your account is yours again',
    opening:
      'You have taken your account at <%= it.site %> back, but its former e-mail address belongs to another account by now. Follow the link to choose a new password.',
    link: 'Choose a new password',
    rest: [
      ONCE,
      'Then log in with <%= it.loginEmail %> as your e-mail address, and change it to one of yours: nothing can be mailed to you before.',
    ],
  },
  'password-changed': {
    subject: 'Your password was changed',
    opening: 'The password of your account at <%= it.site %> was changed, and every other session was ended.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
  'new-device': {
    subject: 'New sign-in to your account',
    opening: 'Somebody signed in to your account at <%= it.site %> from a device that was not used before.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
  'factor-notice': {
    subject: 'How you sign in',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
  'changed-by-admin': {
    subject: 'An admin changed your account',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    rest: ['When: <%= it.at %>.', 'If you did not expect it, get in touch with those who run <%= it.site %>.'],
  },
  'admin-alert': {
    subject: 'An admin’s account was changed',
    opening: '<%= it.what %>. This is about an admin of <%= it.site %>.',
    rest: [
      'When: <%= it.at %>.',
      'If nobody should have done it, end the sessions of whoever did, and look into the audit at once.',
    ],
  },
  'email-change-confirmation': {
    subject: 'Confirm your new e-mail address',
    opening:
      'Somebody wants to use this e-mail address for an account at <%= it.site %>. If it was you, follow the link to confirm it.',
    link: 'Confirm the address',
    rest: [ONCE, 'If it was not you, do not follow it: nothing happens then.'],
  },
  'email-change-notice': {
    subject: 'Your e-mail address is being changed',
    opening:
      'Somebody asked to change the e-mail address of your account at <%= it.site %> to <%= it.newEmail %>. If it was you, there is nothing to do here: confirm from the new mailbox.',
    link: 'Stop the change',
    rest: [
      'If it was not you, follow the link: every session ends, and you get a mail to choose a new password.',
      ONCE,
    ],
  },
  'email-changed': {
    subject: 'Your e-mail address was changed',
    opening: 'The e-mail address of your account at <%= it.site %> is now <%= it.newEmail %>.',
    link: 'Take the change back',
    rest: [
      'If it was not you, follow the link: every session ends, and you get a mail to choose a new password.',
      ONCE,
    ],
  },
  'user-locked': {
    subject: 'Your account is locked',
    opening:
      'There were too many wrong passwords for your account at <%= it.site %>, so logging in from new devices is locked for a while. Follow the link to unlock it now.',
    link: 'Unlock the account',
    rest: [ONCE, 'If the wrong passwords were not yours, choose a strong password; there is nothing else to do.'],
  },
  'factor-guesses': {
    subject: 'Wrong codes for your account',
    opening:
      'Your password was entered at <%= it.site %>, and then <%= it.failures %> wrong codes in a row. If it was you, follow the link to be able to enter codes again at once.',
    link: 'Allow codes again',
    rest: [
      ONCE,
      'If it was not you, somebody knows your password: reset it now, and do not follow the link. Nobody got in by these codes. Signing in with a passkey works as before.',
    ],
  },
  'user-deleted': {
    subject: 'Your account was deleted',
    opening: 'Your account at <%= it.site %> was deleted on <%= it.at %>. Every session was ended.',
    rest: ['If it was not you, get in touch with those who run <%= it.site %> at once.'],
  },
  'api-key-created': {
    subject: 'A key to your account was made',
    opening:
      'On <%= it.at %> a key was made by which programs can act for your account at <%= it.site %>. It begins with <%= it.prefix %>.',
    ...NOT_ME_LINK,
    rest: [IF_ME, NOT_ME],
  },
  'kept-additions': {
    subject: 'Are these yours?',
    opening:
      'You took back what was done to your account at <%= it.site %>. These ways in were added shortly before, and are still good: <%= it.additions.map(({ what, at }) => `${what}, on ${at}`).join("; ") %>.',
    link: 'These are not all mine',
    isLinkOptional: true,
    rest: [
      'If you added all of them, there is nothing to do.',
      '<%= it.url ? `If not, follow the link, within ${it.validFor}: all of them go, every session ends, and you get a mail to choose a new password.` : "If not, get in touch with those who run " + it.site + "." %>',
    ],
  },
};
