import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { SAMPLE } from '../mail/templates/phrases.js';

const BY = '<%= it.by ?? (it.isCommandLine ? "The command line" : "An unknown account") %>';

/** A way to sign in, in a mail that asks whose it is. */
export type Addition = Readonly<{
  /** A factor's name, or `api_key`. */
  kind: string;
  /** Which of its kind: the beginning of a key; empty where that cannot be told. */
  detail: string;
  /** Both in English. */
  what: string;
  /** When it was added. */
  at: string;
}>;

/** What was done to an admin, or made a user one, or will when an invitation is accepted. */
export type AdminAlert =
  | 'banned'
  | 'deleted'
  | 'email_unverified'
  | 'email_verified'
  | 'factors_reset'
  | 'invited_admin'
  | 'made_admin'
  | 'password_reset_mailed'
  | 'roles_changed';

export const securityMailTemplates = defineMailTemplates({
  'admin-alert': {
    about:
      'To all other admins, when an admin was changed or a user became one. `change`: what happened. `account`: address of the changed account. `by`: address of the admin who did it, null for the command line or if unknown.',
    sample: {
      at: SAMPLE.at,
      change: 'banned',
      by: 'root@example.com',
      isCommandLine: false,
      account: 'ada@example.com',
    },
    subject: 'An admin’s account was changed',
    opening: '<%= it.what %>. This is about an admin of <%= it.site %>.',
    rest: [
      'When: <%= it.at %>.',
      'If this was not intended, end the sessions of the account that did it, and check the audit log at once.',
    ],
    sentences: {
      banned: `${BY} banned <%= it.account %>`,
      deleted: `${BY} deleted <%= it.account %>`,
      email_unverified: `${BY} marked the e-mail address of <%= it.account %> as unverified`,
      email_verified: `${BY} marked the e-mail address of <%= it.account %> as verified`,
      factors_reset: `${BY} removed the second factors of <%= it.account %>`,
      invited_admin: `${BY} invited <%= it.account %> to become an admin`,
      made_admin: `${BY} made <%= it.account %> an admin`,
      password_reset_mailed: `${BY} sent a password reset link to <%= it.account %>`,
      roles_changed: `${BY} changed the roles of <%= it.account %>`,
    } satisfies Record<AdminAlert, string>,
  },
  'kept-additions': {
    about:
      'To a user who undid a change to their account. It lists the ways to sign in that were added shortly before and still work, the oldest first: of each its `kind`, its `detail` (the beginning of an API key, else empty), both in English (`what`), and when.',
    sample: { ...SAMPLE.notMe, additions: [{ kind: 'totp', detail: '', what: 'an authenticator app', at: SAMPLE.at }] },
    subject: 'Did you add these ways to sign in?',
    opening:
      'You undid a change to your account at <%= it.site %>. These ways to sign in were added shortly before and still work: <%= it.additions.map(({ what, at }) => `${what}, on ${at}`).join("; ") %>.',
    link: 'I did not add all of these',
    isLinkOptional: true,
    rest: [
      'If you added all of them, there is nothing to do.',
      '<%= it.url ? `If not, follow the link within ${it.validFor}. It removes all of them and ends every session. You then receive an e-mail to choose a new password.` : "If not, contact the people who run " + it.site + "." %>',
    ],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'admin-alert': {
      readonly at: string;
      readonly change: AdminAlert;
      readonly by: string | null;
      readonly isCommandLine: boolean;
      readonly account: string | null;
    };
    readonly 'kept-additions': NotMeValues & {
      readonly additions: readonly Addition[];
    };
  }
}
