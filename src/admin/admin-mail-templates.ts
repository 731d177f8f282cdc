import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';
import { type Addition, listOf } from '../security/security-mail-templates.js';

export const adminMailTemplates = defineMailTemplates({
  invitation: {
    about: 'To a person whom an admin invited. The link lets them choose a password, and creates the user.',
    sample: SAMPLE.link,
    link: 'accept',
    rest: [ONCE, 'unexpected'],
    words: {
      en: {
        subject: 'You are invited',
        opening: 'You are invited to {site}. Follow the link to choose a password for your new account.',
        accept: 'Accept the invitation',
        unexpected: 'If you did not expect this, ignore this e-mail. No account is created then.',
      },
      de: {
        subject: 'Sie sind eingeladen',
        opening: 'Sie sind zu {site} eingeladen. Wählen Sie über den Link ein Passwort für Ihr neues Konto.',
        accept: 'Einladung annehmen',
        unexpected: 'Wenn Sie das nicht erwartet haben, ignorieren Sie diese E-Mail. Dann wird kein Konto angelegt.',
      },
    },
  },
  'changed-by-admin': {
    about:
      'To a user whose account was changed by an admin. `change`: what was changed. With `email_given`, `additions`: the ways to sign in that were set up before and still work, as in `kept-additions`.',
    sample: {
      at: SAMPLE.at,
      change: 'roles_changed',
      additions: [{ kind: 'totp', detail: '', what: 'an authenticator app', at: SAMPLE.at }],
    },
    rest: [{ given: 'list', word: 'kept' }, 'mail.when', 'unexpected'],
    describe: ({ additions = [] }, word) => ({ list: listOf(additions, word) }),
    words: {
      en: {
        subject: 'An admin changed your account',
        opening: '{what}. This is about your account at {site}.',
        kept: 'These ways to sign in to it were set up before and still work: {list}. If you did not set up all of them, ask the people who run {site} to remove them before you use the account.',
        unexpected: 'If you did not expect this, contact the people who run {site}.',
        changes: {
          email_changed: 'An admin changed the e-mail address of your account',
          email_given: 'An admin assigned this e-mail address to an account',
          email_unverified: 'An admin marked your e-mail address as unverified',
          email_verified: 'An admin marked your e-mail address as verified',
          password_reset_mailed: 'An admin sent you a link to choose a new password',
          roles_changed: 'An admin changed your roles',
        } satisfies Record<AdminChange, string>,
      },
      de: {
        subject: 'Ihr Konto wurde von einem Administrator geändert',
        opening: '{what}. Es geht um Ihr Konto bei {site}.',
        kept: 'Diese Anmeldewege wurden vorher eingerichtet und funktionieren weiterhin: {list}. Wenn Sie nicht alle davon selbst eingerichtet haben, lassen Sie die übrigen von den Betreibern von {site} entfernen, bevor Sie das Konto benutzen.',
        unexpected: 'Wenn Sie das nicht erwartet haben, wenden Sie sich an die Betreiber von {site}.',
        changes: {
          email_changed: 'Ein Administrator hat die E-Mail-Adresse Ihres Kontos geändert',
          email_given: 'Ein Administrator hat diese E-Mail-Adresse einem Konto zugewiesen',
          email_unverified: 'Ein Administrator hat Ihre E-Mail-Adresse als unbestätigt markiert',
          email_verified: 'Ein Administrator hat Ihre E-Mail-Adresse als bestätigt markiert',
          password_reset_mailed: 'Ein Administrator hat Ihnen einen Link für ein neues Passwort gesendet',
          roles_changed: 'Ein Administrator hat Ihre Rollen geändert',
        } satisfies Record<AdminChange, string>,
      },
    },
  },
});

/** The change an admin made, as the mail to the user names it. */
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
