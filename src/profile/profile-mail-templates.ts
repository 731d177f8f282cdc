import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const profileMailTemplates = defineMailTemplates({
  'email-change-confirmation': {
    about: 'To the new address. The link confirms the change.',
    sample: SAMPLE.link,
    link: 'confirm',
    rest: [ONCE, 'not-me'],
    words: {
      en: {
        subject: 'Confirm your new e-mail address',
        opening:
          'This e-mail address was entered as the new address of an account at {site}. If it was you, follow the link to confirm it.',
        confirm: 'Confirm the address',
        'not-me': 'If it was not you, do not follow the link. Nothing happens then.',
      },
      de: {
        subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
        opening:
          'Diese E-Mail-Adresse wurde als neue Adresse eines Kontos bei {site} eingegeben. Wenn Sie das waren, bestätigen Sie sie über den Link.',
        confirm: 'Adresse bestätigen',
        'not-me': 'Wenn Sie das nicht waren, öffnen Sie den Link nicht. Dann geschieht nichts.',
      },
    },
  },
  'email-change-notice': {
    about: 'To the old address while the new one is unconfirmed. The link stops the change.',
    sample: { ...SAMPLE.link, newEmail: SAMPLE.newEmail },
    link: 'stop',
    rest: ['not-me', ONCE],
    words: {
      en: {
        subject: 'A change of your e-mail address was requested',
        opening:
          'A change of the e-mail address of your account at {site} to {newEmail} was requested. If it was you, confirm it from the new mailbox. There is nothing to do here.',
        stop: 'Stop the change',
        'not-me':
          'If it was not you, follow the link. It ends every session, and you then receive an e-mail to choose a new password.',
      },
      de: {
        subject: 'Für Ihr Konto wurde eine neue E-Mail-Adresse angegeben',
        opening:
          'Die E-Mail-Adresse Ihres Kontos bei {site} soll in {newEmail} geändert werden. Wenn Sie das waren, bestätigen Sie die Änderung im neuen Postfach. Hier müssen Sie nichts tun.',
        stop: 'Änderung verhindern',
        'not-me':
          'Wenn Sie das nicht waren, öffnen Sie den Link. Er beendet alle Sitzungen. Danach erhalten Sie eine E-Mail, um ein neues Passwort zu wählen.',
      },
    },
  },
  'email-changed': {
    about: 'To the old address after the change. The link undoes it.',
    sample: { ...SAMPLE.link, newEmail: SAMPLE.newEmail },
    link: 'undo',
    rest: ['not-me', ONCE],
    words: {
      en: {
        subject: 'Your e-mail address was changed',
        opening: 'The e-mail address of your account at {site} was changed to {newEmail}.',
        undo: 'Undo the change',
        'not-me':
          'If it was not you, follow the link. It ends every session, and you then receive an e-mail to choose a new password.',
      },
      de: {
        subject: 'Ihre E-Mail-Adresse wurde geändert',
        opening: 'Die E-Mail-Adresse Ihres Kontos bei {site} wurde in {newEmail} geändert.',
        undo: 'Änderung rückgängig machen',
        'not-me':
          'Wenn Sie das nicht waren, öffnen Sie den Link. Er beendet alle Sitzungen. Danach erhalten Sie eine E-Mail, um ein neues Passwort zu wählen.',
      },
    },
  },
  'user-deleted': {
    about: 'To a user whose account was deleted.',
    sample: { at: SAMPLE.at },
    rest: ['not-me'],
    words: {
      en: {
        subject: 'Your account was deleted',
        opening: 'Your account at {site} was deleted on {at}. All sessions were ended.',
        'not-me': 'If it was not you, contact the people who run {site} at once.',
      },
      de: {
        subject: 'Ihr Konto wurde gelöscht',
        opening: 'Ihr Konto bei {site} wurde am {at} gelöscht. Alle Sitzungen wurden beendet.',
        'not-me': 'Wenn Sie das nicht waren, wenden Sie sich sofort an die Betreiber von {site}.',
      },
    },
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'email-change-confirmation': LinkValues;
    readonly 'email-change-notice': LinkValues & { readonly newEmail: string };
    readonly 'email-changed': LinkValues & { readonly newEmail: string };
    readonly 'user-deleted': { readonly at: string };
  }
}
