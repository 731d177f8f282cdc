import { defineMailTemplates, type WordOf } from '../mail/templates/mail-declaration.js';
import { SAMPLE } from '../mail/templates/phrases.js';

/** A way to sign in, in a mail that asks whose it is. */
export type Addition = Readonly<{
  /** A factor's name, or `api_key`. */
  kind: string;
  /** Which of its kind: the beginning of a key; empty where that cannot be told. */
  detail: string;
  /** Its name, with an article; in English as it is declared, in the language of the mail as a template gets it. */
  what: string;
  /** When it was added. */
  at: string;
}>;

/** An act on an admin, or one that makes a user an admin, at once or when an invitation is accepted. */
export type AdminAlert =
  | 'banned'
  | 'deleted'
  | 'email_unverified'
  | 'email_verified'
  | 'factors_reset'
  | 'invited_admin'
  | 'login_linked'
  | 'made_admin'
  | 'password_reset_mailed'
  | 'roles_changed';

/** Ways to sign in and when each was added, on one line; empty without any. */
export function listOf(additions: readonly Addition[], word: WordOf): string {
  return additions.map(({ what, at }) => word('mail.addition', { what, at })).join('; ');
}

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
    rest: ['mail.when', 'unintended'],
    describe: ({ by, isCommandLine, account }, word) => ({
      actor: by ?? word(isCommandLine ? 'command-line' : 'unknown-account'),
      whose: account ?? word('service-user'),
    }),
    words: {
      en: {
        subject: 'An admin’s account was changed',
        opening: '{what}. This is about an admin of {site}.',
        unintended:
          'If this was not intended, end the sessions of the account that did it, and check the audit log at once.',
        'command-line': 'The command line',
        'unknown-account': 'An unknown account',
        'service-user': 'a service user',
        changes: {
          banned: '{actor} banned {whose}',
          deleted: '{actor} deleted {whose}',
          email_unverified: '{actor} marked the e-mail address of {whose} as unverified',
          email_verified: '{actor} marked the e-mail address of {whose} as verified',
          factors_reset: '{actor} removed the second factors of {whose}',
          invited_admin: '{actor} invited {whose} to become an admin',
          login_linked:
            'A login with an outside provider was linked to {whose}, by its e-mail address and the provider’s word for it',
          made_admin: '{actor} made {whose} an admin',
          password_reset_mailed: '{actor} sent a password reset link to {whose}',
          roles_changed: '{actor} changed the roles of {whose}',
        } satisfies Record<AdminAlert, string>,
      },
      de: {
        subject: 'Das Konto eines Administrators wurde geändert',
        opening: '{what}. Es geht um einen Administrator von {site}.',
        unintended:
          'Wenn das nicht beabsichtigt war, beenden Sie die Sitzungen des Kontos, das es getan hat, und prüfen Sie sofort das Protokoll.',
        'command-line': 'Die Befehlszeile',
        'unknown-account': 'Ein unbekanntes Konto',
        'service-user': '(ein Dienstkonto)',
        changes: {
          banned: '{actor} hat das Konto {whose} gesperrt',
          deleted: '{actor} hat das Konto {whose} gelöscht',
          email_unverified: '{actor} hat die E-Mail-Adresse {whose} als unbestätigt markiert',
          email_verified: '{actor} hat die E-Mail-Adresse {whose} als bestätigt markiert',
          factors_reset: '{actor} hat die zweiten Faktoren des Kontos {whose} entfernt',
          invited_admin: '{actor} hat {whose} als Administrator eingeladen',
          login_linked:
            'Eine Anmeldung bei einem anderen Anbieter wurde mit dem Konto {whose} verknüpft, aufgrund seiner E-Mail-Adresse und des Wortes des Anbieters',
          made_admin: '{actor} hat das Konto {whose} zum Administrator gemacht',
          password_reset_mailed: '{actor} hat einen Link für ein neues Passwort an {whose} gesendet',
          roles_changed: '{actor} hat die Rollen des Kontos {whose} geändert',
        } satisfies Record<AdminAlert, string>,
      },
    },
  },
  'kept-additions': {
    about:
      'To a user who undid a change to their account. It lists the ways to sign in that were added shortly before and still work, the oldest first: of each its `kind`, its `detail` (the beginning of an API key, else empty), what it is called (`what`), and when it was added (`at`).',
    sample: { ...SAMPLE.notMe, additions: [{ kind: 'totp', detail: '', what: 'an authenticator app', at: SAMPLE.at }] },
    link: 'not-all-mine',
    isLinkOptional: true,
    rest: ['all-mine', { given: 'url', word: 'else-follow', otherwise: 'else-contact' }],
    describe: ({ additions }, word) => ({ list: listOf(additions, word) }),
    words: {
      en: {
        subject: 'Did you add these ways to sign in?',
        opening:
          'You undid a change to your account at {site}. These ways to sign in were added shortly before and still work: {list}.',
        'not-all-mine': 'I did not add all of these',
        'all-mine': 'If you added all of them, there is nothing to do.',
        'else-follow':
          'If not, follow the link within {validFor}. It removes all of them and ends every session. You then receive an e-mail to choose a new password.',
        'else-contact': 'If not, contact the people who run {site}.',
      },
      de: {
        subject: 'Haben Sie diese Anmeldewege hinzugefügt?',
        opening:
          'Sie haben eine Änderung an Ihrem Konto bei {site} rückgängig gemacht. Diese Anmeldewege wurden kurz davor hinzugefügt und funktionieren weiterhin: {list}.',
        'not-all-mine': 'Ich habe nicht alle hinzugefügt',
        'all-mine': 'Wenn Sie alle davon hinzugefügt haben, müssen Sie nichts tun.',
        'else-follow':
          'Wenn nicht, öffnen Sie den Link; er ist noch {validFor} gültig. Er entfernt alle davon und beendet alle Sitzungen. Danach erhalten Sie eine E-Mail, um ein neues Passwort zu wählen.',
        'else-contact': 'Wenn nicht, wenden Sie sich an die Betreiber von {site}.',
      },
    },
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
