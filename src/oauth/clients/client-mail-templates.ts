import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { SAMPLE } from '../../mail/templates/phrases.js';

export const clientMailTemplates = defineMailTemplates({
  'first-party-client': {
    about:
      'To all admins, when an OAuth client became one that asks users for no consent, or such a one got other redirect URIs. `name`: its name. `hosts`: where users return. `by`: address of the admin who did it, null for the command line or if unknown.',
    sample: { at: SAMPLE.at, name: 'Shop', hosts: 'shop.example.com', by: 'root@example.com' },
    rest: ['mail.when', 'consequence', 'unintended'],
    describe: ({ by }, word) => ({ actor: by ?? word('unknown-account') }),
    words: {
      en: {
        subject: 'An application signs users in without asking them',
        opening: '{actor} lets the application “{name}” sign in users of {site} without asking for their consent.',
        consequence: 'It returns users to: {hosts}.',
        unintended:
          'If this was not intended, disable the application, end the sessions of the account that did it, and check the audit log at once.',
        'unknown-account': 'The command line or an unknown account',
      },
      de: {
        subject: 'Eine Anwendung meldet Benutzer an, ohne sie zu fragen',
        opening:
          '{actor} lässt die Anwendung „{name}“ Benutzer von {site} anmelden, ohne nach deren Zustimmung zu fragen.',
        consequence: 'Sie leitet Benutzer weiter an: {hosts}.',
        unintended:
          'Wenn das nicht beabsichtigt war, schalten Sie die Anwendung ab, beenden Sie die Sitzungen des Kontos, das dies veranlasst hat, und prüfen Sie sofort das Protokoll.',
        'unknown-account': 'Die Befehlszeile oder ein unbekanntes Konto',
      },
    },
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'first-party-client': {
      readonly at: string;
      readonly name: string;
      readonly hosts: string;
      readonly by: string | null;
    };
  }
}
