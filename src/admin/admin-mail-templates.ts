import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { SAMPLE } from '../mail/templates/phrases.js';

export const adminMailTemplates = defineMailTemplates({
  'changed-by-admin': {
    about: 'An admin changed something.',
    sample: { at: SAMPLE.at, change: 'roles_changed' },
    subject: 'An admin changed your account',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    rest: ['When: <%= it.at %>.', 'If you did not expect it, get in touch with those who run <%= it.site %>.'],
    sentences: {
      email_changed: 'An admin has changed the e-mail address of your account',
      email_given: 'An admin has given this e-mail address to an account',
      email_unverified: 'An admin has set your e-mail address to unverified',
      email_verified: 'An admin has set your e-mail address to verified',
      password_reset_mailed: 'An admin has sent you a link to a new password',
      roles_changed: 'An admin has changed your roles',
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
    readonly 'changed-by-admin': { readonly at: string; readonly change: AdminChange };
  }
}
