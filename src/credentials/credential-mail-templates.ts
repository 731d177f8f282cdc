import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const credentialMailTemplates = defineMailTemplates({
  'factor-notice': {
    about:
      'To a user whose ways to sign in changed, or who used a recovery code. `change`: what happened. `left`: how many recovery codes are left after one was used, otherwise null.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null, change: 'totp_enrolled', left: 2 },
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
    words: {
      en: {
        subject: 'A way to sign in has changed',
        opening: '{what}. This is about your account at {site}.',
        changes: {
          passkey_added: 'A passkey was added',
          passkey_removed: 'A passkey was removed',
          linked_login_added: 'A login with an outside provider was linked',
          linked_login_removed: 'A linked login with an outside provider was removed',
          totp_enrolled: 'An authenticator app was set up',
          totp_removed: 'An authenticator app was removed',
          recovery_codes_renewed: 'New recovery codes were created',
          recovery_code_used: 'A recovery code was used to sign in',
          recovery_codes_low:
            'A recovery code was used to sign in. Recovery codes that are left: {left}. Create new ones soon',
          last_recovery_code_used: 'A recovery code was used to sign in. It was the last one; create new ones now',
          factors_removed: 'Your second factors were removed',
          unproven_factors_removed:
            'Second factors that were set up before your e-mail address was verified were removed',
          factors_reset_by_admin: 'An admin removed your second factors',
          other: 'A way to sign in was changed',
        } satisfies Record<KnownFactorChange | 'other', string>,
      },
      de: {
        subject: 'Ein Anmeldeweg wurde geändert',
        opening: '{what}. Es geht um Ihr Konto bei {site}.',
        changes: {
          passkey_added: 'Ein Passkey wurde hinzugefügt',
          passkey_removed: 'Ein Passkey wurde entfernt',
          linked_login_added: 'Eine Anmeldung bei einem anderen Anbieter wurde verknüpft',
          linked_login_removed: 'Eine verknüpfte Anmeldung bei einem anderen Anbieter wurde entfernt',
          totp_enrolled: 'Eine Authenticator-App wurde eingerichtet',
          totp_removed: 'Eine Authenticator-App wurde entfernt',
          recovery_codes_renewed: 'Neue Wiederherstellungscodes wurden erstellt',
          recovery_code_used: 'Ein Wiederherstellungscode wurde zur Anmeldung verwendet',
          recovery_codes_low:
            'Ein Wiederherstellungscode wurde zur Anmeldung verwendet. Übrige Wiederherstellungscodes: {left}. Erstellen Sie bald neue',
          last_recovery_code_used:
            'Ein Wiederherstellungscode wurde zur Anmeldung verwendet. Es war der letzte; erstellen Sie jetzt neue',
          factors_removed: 'Ihre zweiten Faktoren wurden entfernt',
          unproven_factors_removed:
            'Zweite Faktoren, die vor der Bestätigung Ihrer E-Mail-Adresse eingerichtet wurden, wurden entfernt',
          factors_reset_by_admin: 'Ein Administrator hat Ihre zweiten Faktoren entfernt',
          other: 'Ein Anmeldeweg wurde geändert',
        } satisfies Record<KnownFactorChange | 'other', string>,
      },
    },
  },
});

type KnownFactorChange =
  | 'passkey_added'
  | 'passkey_removed'
  | 'linked_login_added'
  | 'linked_login_removed'
  | 'totp_enrolled'
  | 'totp_removed'
  | 'recovery_codes_renewed'
  | 'recovery_code_used'
  | 'recovery_codes_low'
  | 'last_recovery_code_used'
  | 'factors_removed'
  | 'unproven_factors_removed'
  | 'factors_reset_by_admin';

/** A change to a way to sign in, as the mail to its user names it. One of an application's own factor begins with `app_`, and reads as `other`. */
export type FactorChange = KnownFactorChange | `app_${string}`;

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'factor-notice': EventValues &
      NotMeValues & { readonly change: FactorChange; readonly left: number | null };
  }
}
