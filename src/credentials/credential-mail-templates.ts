import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const credentialMailTemplates = defineMailTemplates({
  'factor-notice': {
    about: 'A way to sign in was changed or tried; `what` is a sentence without its full stop.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null, what: 'An authenticator app was added' },
    subject: 'How you sign in',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'factor-notice': EventValues & NotMeValues & { readonly what: string };
  }
}
