import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { SAMPLE } from '../mail/templates/phrases.js';

const BY = '<%= it.by ?? (it.isCommandLine ? "The command line" : "Somebody") %>';

/** What was done to an admin, or made a user one. */
export type AdminAlert =
  | 'banned'
  | 'deleted'
  | 'email_unverified'
  | 'email_verified'
  | 'factors_reset'
  | 'made_admin'
  | 'password_reset_mailed'
  | 'roles_changed';

export const securityMailTemplates = defineMailTemplates({
  'admin-alert': {
    about:
      'To all admins: something was done to one of them, or somebody became one. `account`: whose address; `by`: who did it, null for the command line or when unknown.',
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
      'If nobody should have done it, end the sessions of whoever did, and look into the audit at once.',
    ],
    sentences: {
      banned: `${BY} has banned <%= it.account %>`,
      deleted: `${BY} has deleted <%= it.account %>`,
      email_unverified: `${BY} has set to unverified the address of <%= it.account %>`,
      email_verified: `${BY} has set to verified the address of <%= it.account %>`,
      factors_reset: `${BY} has removed the second factors of <%= it.account %>`,
      made_admin: `${BY} has made an admin of <%= it.account %>`,
      password_reset_mailed: `${BY} has sent a link to a new password to <%= it.account %>`,
      roles_changed: `${BY} has changed the roles of <%= it.account %>`,
    } satisfies Record<AdminAlert, string>,
  },
  'kept-additions': {
    about:
      'To whoever took something back: which ways in were added shortly before it and are still good, the earliest first.',
    sample: { ...SAMPLE.notMe, additions: [{ what: 'an authenticator app', at: SAMPLE.at }] },
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
      readonly additions: readonly { readonly what: string; readonly at: string }[];
    };
  }
}
