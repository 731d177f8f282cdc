import { defineMailTemplates } from '../mail/letters/mail-declaration.js';
import { SAMPLE } from '../mail/letters/phrases.js';

export const adminMailTemplates = defineMailTemplates({
  'changed-by-administrator': {
    about: 'An admin changed something; `what` is a sentence without its full stop.',
    sample: { at: SAMPLE.at, what: 'An administrator has changed your roles' },
    subject: 'An administrator changed your account',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    rest: ['When: <%= it.at %>.', 'If you did not expect it, get in touch with those who run <%= it.site %>.'],
  },
});

declare module '../mail/letters/letter-values.js' {
  interface LetterValues {
    readonly 'changed-by-administrator': { readonly at: string; readonly what: string };
  }
}
