import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { SAMPLE } from '../mail/templates/phrases.js';

export const adminMailTemplates = defineMailTemplates({
  'changed-by-admin': {
    about: 'An admin changed something; `what` is a sentence without its full stop.',
    sample: { at: SAMPLE.at, what: 'An admin has changed your roles' },
    subject: 'An admin changed your account',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    rest: ['When: <%= it.at %>.', 'If you did not expect it, get in touch with those who run <%= it.site %>.'],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'changed-by-admin': { readonly at: string; readonly what: string };
  }
}
