import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const lockoutMailTemplates = defineMailTemplates({
  'user-locked': {
    about: 'To a user whose account was locked after too many wrong passwords. The link unlocks it.',
    sample: SAMPLE.link,
    link: 'unlock',
    rest: [ONCE, 'not-me'],
    words: {
      en: {
        subject: 'Your account is locked',
        opening:
          'Too many wrong passwords were entered for your account at {site}. Signing in from new devices is locked for a while. Follow the link to unlock it now.',
        unlock: 'Unlock your account',
        'not-me': 'If you did not enter them, choose a strong password. There is nothing else to do.',
      },
      de: {
        subject: 'Ihr Konto ist gesperrt',
        opening:
          'Für Ihr Konto bei {site} wurden zu viele falsche Passwörter eingegeben. Die Anmeldung auf neuen Geräten ist eine Zeit lang gesperrt. Über den Link heben Sie die Sperre sofort auf.',
        unlock: 'Konto entsperren',
        'not-me':
          'Wenn Sie die Passwörter nicht eingegeben haben, wählen Sie ein starkes Passwort. Mehr müssen Sie nicht tun.',
      },
    },
  },
  'factor-guesses': {
    about:
      'To a user for whom many wrong codes were entered in a row, each after the correct password. The link allows codes again at once. `failures`: number of wrong codes.',
    sample: { ...SAMPLE.link, failures: 5 },
    link: 'allow',
    rest: [ONCE, 'not-me'],
    words: {
      en: {
        subject: 'Wrong codes were entered for your account',
        opening:
          'Your password was entered at {site}, followed by {failures} wrong codes in a row. If it was you, follow the link to enter codes again at once.',
        allow: 'Allow codes again',
        'not-me':
          'If it was not you, another person knows your password. Reset it now, and do not follow the link. None of these codes gave access to your account. Signing in with a passkey works as before.',
      },
      de: {
        subject: 'Für Ihr Konto wurden falsche Codes eingegeben',
        opening:
          'Bei {site} wurde Ihr Passwort eingegeben, danach {failures}-mal in Folge ein falscher Code. Wenn Sie das waren, können Sie über den Link sofort wieder Codes eingeben.',
        allow: 'Codes wieder zulassen',
        'not-me':
          'Wenn Sie das nicht waren, kennt eine andere Person Ihr Passwort. Setzen Sie es jetzt zurück, und öffnen Sie den Link nicht. Keiner der Codes hat Zugang zu Ihrem Konto verschafft. Die Anmeldung mit einem Passkey funktioniert wie bisher.',
      },
    },
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'user-locked': LinkValues;
    readonly 'factor-guesses': LinkValues & { readonly failures: number };
  }
}
