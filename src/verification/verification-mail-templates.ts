import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const verificationMailTemplates = defineMailTemplates({
  'email-verification': {
    about: 'To an address that was used to register. The link verifies it. `at`: when it was registered.',
    sample: { ...SAMPLE.link, at: SAMPLE.at },
    link: 'verify',
    rest: [ONCE, 'only-if'],
    words: {
      en: {
        subject: 'Verify your e-mail address',
        opening:
          'This e-mail address was used to register at {site} on {at}. If it was you, follow the link to verify the address.',
        verify: 'Verify the address',
        'only-if':
          'Follow the link only if you registered at that time: it activates the password that was chosen then. If it was not you, do not follow the link. Nothing happens then.',
      },
      de: {
        subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
        opening:
          'Mit dieser E-Mail-Adresse hat sich jemand am {at} bei {site} registriert. Wenn Sie das waren, bestätigen Sie die Adresse über den Link.',
        verify: 'Adresse bestätigen',
        'only-if':
          'Öffnen Sie den Link nur, wenn Sie sich zu diesem Zeitpunkt registriert haben: Er aktiviert das Passwort, das dabei gewählt wurde. Wenn Sie das nicht waren, öffnen Sie den Link nicht. Dann geschieht nichts.',
      },
    },
  },
  'address-taken': {
    about: 'To a user whose address was used for another registration, or as the new address of another account.',
    sample: {},
    rest: ['if-me', 'not-me'],
    words: {
      en: {
        subject: 'You already have an account',
        opening:
          'This e-mail address was entered at {site} to register or to change an address, but it already belongs to your account.',
        'if-me':
          'If it was you, sign in with the password of that account, or request a link to choose a new password. The data that was just entered was not stored.',
        'not-me': 'If it was not you, ignore this e-mail. Nothing has changed.',
      },
      de: {
        subject: 'Sie haben bereits ein Konto',
        opening:
          'Diese E-Mail-Adresse wurde bei {site} für eine Registrierung oder eine Adressänderung eingegeben, gehört aber bereits zu Ihrem Konto.',
        'if-me':
          'Wenn Sie das waren, melden Sie sich mit dem Passwort dieses Kontos an, oder fordern Sie einen Link für ein neues Passwort an. Die eben eingegebenen Daten wurden nicht gespeichert.',
        'not-me': 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Es hat sich nichts geändert.',
      },
    },
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'email-verification': LinkValues & { readonly at: string };
    readonly 'address-taken': Readonly<Record<never, never>>;
  }
}
