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
  'address-verification': {
    about:
      'To a user whose address is not verified, and not because they have just registered: they were imported, or an admin has set their address or marked it as unverified. The link verifies it. `at`: when the link was requested.',
    sample: { ...SAMPLE.link, at: SAMPLE.at },
    link: 'verify',
    rest: [ONCE, 'only-if'],
    words: {
      en: {
        subject: 'Verify your e-mail address',
        opening:
          'There is an account with this e-mail address at {site}, and the address is not verified yet. A link to verify it was requested on {at}.',
        verify: 'Verify the address',
        'only-if':
          'Follow the link only if this is your account: from then on its password is accepted, and a stranger may have chosen it. If you do not know of an account, do not follow the link. Nothing happens then. If it is your account and you did not choose its password, request a link to choose a new one instead.',
      },
      de: {
        subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
        opening:
          'Bei {site} gibt es ein Konto mit dieser E-Mail-Adresse, und sie ist noch nicht bestätigt. Am {at} wurde ein Link angefordert, der sie bestätigt.',
        verify: 'Adresse bestätigen',
        'only-if':
          'Öffnen Sie den Link nur, wenn das Ihr Konto ist: Danach wird sein Passwort angenommen, und jemand anderes kann es gewählt haben. Wenn Sie von keinem Konto wissen, öffnen Sie den Link nicht. Dann geschieht nichts. Wenn es Ihr Konto ist und Sie sein Passwort nicht selbst gewählt haben, fordern Sie stattdessen einen Link für ein neues an.',
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
    readonly 'address-verification': LinkValues & { readonly at: string };
    readonly 'address-taken': Readonly<Record<never, never>>;
  }
}
