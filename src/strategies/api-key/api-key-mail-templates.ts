import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, SAMPLE } from '../../mail/templates/phrases.js';

export const apiKeyMailTemplates = defineMailTemplates({
  'api-key-created': {
    about: 'To the owner of a new API key. `prefix`: the public beginning of the key, which is not secret.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, prefix: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f' },
    ...NOT_ME_LINK,
    rest: [IF_ME, NOT_ME],
    words: {
      en: {
        subject: 'A new API key was created',
        opening:
          'On {at} an API key was created for your account at {site}. Programs can use it to act for you. It begins with {prefix}.',
      },
      de: {
        subject: 'Ein neuer API-Schlüssel wurde erstellt',
        opening:
          'Am {at} wurde ein API-Schlüssel für Ihr Konto bei {site} erstellt. Programme können damit in Ihrem Namen handeln. Er beginnt mit {prefix}.',
      },
    },
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'api-key-created': NotMeValues & { readonly at: string; readonly prefix: string };
  }
}
