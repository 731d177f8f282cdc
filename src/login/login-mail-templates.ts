import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, ONCE, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const loginMailTemplates = defineMailTemplates({
  'new-device': {
    about: 'To a user whose account was used to sign in from a new device.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: 'Firefox on Linux' },
    subject: 'New sign-in to your account',
    opening: 'Your account at <%= it.site %> was used to sign in from a device that was not used before.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
  'factor-notice': {
    about:
      'To a user whose ways to sign in changed, or who used a recovery code. `change`: what happened. `left`: how many recovery codes are left after one was used, otherwise null.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null, change: 'totp_enrolled', left: 2 },
    subject: 'A way to sign in has changed',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
    sentences: {
      passkey_added: 'A passkey was added',
      passkey_removed: 'A passkey was removed',
      totp_enrolled: 'An authenticator app was set up',
      totp_removed: 'An authenticator app was removed',
      recovery_codes_renewed: 'New recovery codes were created',
      recovery_code_used: 'A recovery code was used to sign in',
      recovery_codes_low:
        'A recovery code was used to sign in. Only <%= it.left === 1 ? "1 is" : `${it.left} are` %> left; create new ones soon',
      last_recovery_code_used: 'A recovery code was used to sign in. It was the last one; create new ones now',
      factors_removed: 'Your second factors were removed',
      unproven_factors_removed: 'Second factors that were set up before your e-mail address was verified were removed',
      factors_reset_by_admin: 'An admin removed your second factors',
      other: 'A way to sign in was changed',
    } satisfies Record<KnownFactorChange | 'other', string>,
  },
  'user-locked': {
    about: 'To a user whose account was locked after too many wrong passwords. The link unlocks it.',
    sample: SAMPLE.link,
    subject: 'Your account is locked',
    opening:
      'Too many wrong passwords were entered for your account at <%= it.site %>. Signing in from new devices is locked for a while. Follow the link to unlock it now.',
    link: 'Unlock your account',
    rest: [ONCE, 'If you did not enter them, choose a strong password. There is nothing else to do.'],
  },
  'factor-guesses': {
    about:
      'To a user for whom many wrong codes were entered in a row, each after the correct password. The link allows codes again at once. `failures`: number of wrong codes.',
    sample: { ...SAMPLE.link, failures: 5 },
    subject: 'Wrong codes were entered for your account',
    opening:
      'Your password was entered at <%= it.site %>, followed by <%= it.failures %> wrong codes in a row. If it was you, follow the link to enter codes again at once.',
    link: 'Allow codes again',
    rest: [
      ONCE,
      'If it was not you, another person knows your password. Reset it now, and do not follow the link. None of these codes gave access to your account. Signing in with a passkey works as before.',
    ],
  },
});

type KnownFactorChange =
  | 'passkey_added'
  | 'passkey_removed'
  | 'totp_enrolled'
  | 'totp_removed'
  | 'recovery_codes_renewed'
  | 'recovery_code_used'
  | 'recovery_codes_low'
  | 'last_recovery_code_used'
  | 'factors_removed'
  | 'unproven_factors_removed'
  | 'factors_reset_by_admin';

/** What happened to a way to sign in, as its user is told. What an application's own factor says begins with `app_`, and reads as `other`. */
export type FactorChange = KnownFactorChange | `app_${string}`;

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'new-device': EventValues & NotMeValues;
    readonly 'factor-notice': EventValues &
      NotMeValues & { readonly change: FactorChange; readonly left: number | null };
    readonly 'user-locked': LinkValues;
    readonly 'factor-guesses': LinkValues & { readonly failures: number };
  }
}
