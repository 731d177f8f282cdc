import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';
import type { Addition } from '../security/security-mail-templates.js';

export const adminMailTemplates = defineMailTemplates({
  invitation: {
    about: 'To a person whom an admin invited. The link lets them choose a password, and creates the user.',
    sample: SAMPLE.link,
    subject: 'You are invited',
    opening: 'You are invited to <%= it.site %>. Follow the link to choose a password for your new account.',
    link: 'Accept the invitation',
    rest: [ONCE, 'If you did not expect this, ignore this e-mail. No account is created then.'],
  },
  'changed-by-admin': {
    about:
      'To a user whose account was changed by an admin. `change`: what was changed. With `email_given`, `additions`: the ways to sign in that were set up before and still work, as in `kept-additions`.',
    sample: {
      at: SAMPLE.at,
      change: 'roles_changed',
      additions: [{ kind: 'totp', detail: '', what: 'an authenticator app', at: SAMPLE.at }],
    },
    subject: 'An admin changed your account',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    rest: ['When: <%= it.at %>.', 'If you did not expect this, contact the people who run <%= it.site %>.'],
    sentences: {
      email_changed: 'An admin changed the e-mail address of your account',
      email_given:
        'An admin assigned this e-mail address to an account<%= !it.additions?.length ? "" : `. These ways to sign in to it were set up before and still work: ${it.additions.map(({ what, at }) => `${what}, on ${at}`).join("; ")}. If you did not set up all of them, ask the people who run ${it.site} to remove them before you use the account` %>',
      email_unverified: 'An admin marked your e-mail address as unverified',
      email_verified: 'An admin marked your e-mail address as verified',
      password_reset_mailed: 'An admin sent you a link to choose a new password',
      roles_changed: 'An admin changed your roles',
    } satisfies Record<AdminChange, string>,
  },
});

/** What an admin changed of a user, as the user is told. */
export type AdminChange =
  | 'email_changed'
  | 'email_given'
  | 'email_unverified'
  | 'email_verified'
  | 'password_reset_mailed'
  | 'roles_changed';

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly invitation: LinkValues;
    readonly 'changed-by-admin': {
      readonly at: string;
      readonly change: AdminChange;
      readonly additions?: readonly Addition[];
    };
  }
}
