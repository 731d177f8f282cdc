import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, ONCE, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const loginMailTemplates = defineMailTemplates({
  'new-device': {
    about: 'Somebody signed in from a device that was not used before.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: 'Firefox on Linux' },
    subject: 'New sign-in to your account',
    opening: 'Somebody signed in to your account at <%= it.site %> from a device that was not used before.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
  'factor-notice': {
    about: 'A way to sign in was changed or used up. `left`: how many recovery codes are left, where one was used.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null, change: 'totp_enrolled', left: 2 },
    subject: 'How you sign in',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
    sentences: {
      passkey_added: 'A passkey was added',
      passkey_removed: 'A passkey was removed',
      totp_enrolled: 'An authenticator app was set up',
      totp_removed: 'Your authenticator app was removed',
      recovery_codes_renewed: 'New recovery codes were created',
      recovery_code_used: 'A recovery code was used to sign in',
      recovery_codes_low:
        'A recovery code was used to sign in. Only <%= it.left === 1 ? "1 is" : `${it.left} are` %> left: create new ones',
      last_recovery_code_used: 'A recovery code was used to sign in. It was the last: create new ones',
      factors_removed: 'Second factors were removed',
      unproven_factors_removed: 'Second factors from before this address was confirmed were removed',
      factors_reset_by_admin: 'An admin has removed your second factors',
      other: 'A way to sign in was changed',
    } satisfies Record<KnownFactorChange | 'other', string>,
  },
  'user-locked': {
    about: 'Too many wrong passwords were tried: the link unlocks the account.',
    sample: SAMPLE.link,
    subject: 'Your account is locked',
    opening:
      'There were too many wrong passwords for your account at <%= it.site %>, so logging in from new devices is locked for a while. Follow the link to unlock it now.',
    link: 'Unlock the account',
    rest: [ONCE, 'If the wrong passwords were not yours, choose a strong password; there is nothing else to do.'],
  },
  'factor-guesses': {
    about:
      'Many wrong codes in a row, each after a right password: the link lets codes be tried again at once. `failures`: how many.',
    sample: { ...SAMPLE.link, failures: 5 },
    subject: 'Wrong codes for your account',
    opening:
      'Your password was entered at <%= it.site %>, and then <%= it.failures %> wrong codes in a row. If it was you, follow the link to be able to enter codes again at once.',
    link: 'Allow codes again',
    rest: [
      ONCE,
      'If it was not you, somebody knows your password: reset it now, and do not follow the link. Nobody got in by these codes. Signing in with a passkey works as before.',
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
