import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, SAMPLE } from '../../mail/templates/phrases.js';

export const apiKeyMailTemplates = defineMailTemplates({
  'api-key-created': {
    about: 'An API key was created; `prefix` is how it begins, which opens nothing.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, prefix: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f' },
    subject: 'A key to your account was made',
    opening:
      'On <%= it.at %> a key was made by which programs can act for your account at <%= it.site %>. It begins with <%= it.prefix %>.',
    ...NOT_ME_LINK,
    rest: [IF_ME, NOT_ME],
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'api-key-created': NotMeValues & { readonly at: string; readonly prefix: string };
  }
}
