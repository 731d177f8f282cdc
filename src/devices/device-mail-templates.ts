import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const deviceMailTemplates = defineMailTemplates({
  'new-device': {
    about: 'To a user whose account was used to sign in from a new device.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: 'Firefox on Linux' },
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
    words: {
      en: {
        subject: 'New sign-in to your account',
        opening: 'Your account at {site} was used to sign in from a device that was not used before.',
      },
      de: {
        subject: 'Neue Anmeldung bei Ihrem Konto',
        opening:
          'Bei Ihrem Konto bei {site} hat sich jemand mit einem Gerät angemeldet, das bisher nicht benutzt wurde.',
      },
    },
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'new-device': EventValues & NotMeValues;
  }
}
