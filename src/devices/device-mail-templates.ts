import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const deviceMailTemplates = defineMailTemplates({
  'new-device': {
    about: 'Somebody signed in from a device that was not used before.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: 'Firefox on Linux' },
    subject: 'New sign-in to your account',
    opening: 'Somebody signed in to your account at <%= it.site %> from a device that was not used before.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'new-device': EventValues & NotMeValues;
  }
}
