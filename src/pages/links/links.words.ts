import { defineWords } from '../../languages/define-words.js';

/** The words of the pages of all mailed links. */
export const linksWords = defineWords({
  en: {
    'link.incomplete': 'This link is incomplete. Open it from the e-mail again.',
    'link-done.title': 'Done',
    'link-done.lead': 'You can close this page.',
    'link-done.sign-in': 'Go to sign-in',
    'new-password.label': 'New password',
    'new-password.hint': 'A few words that do not belong together are easy to remember and hard to guess.',
    'new-password.good': 'This password is good.',
    'rule.tooShort': 'This password is too short. Use at least {limit} characters.',
    'rule.tooLong': 'This password is too long. Use at most {limit} characters.',
    'rule.wellFormed': 'This contains characters that cannot be used.',
    'rule.personal':
      'This password consists of your name, your e-mail address or the name of this service. Choose another one.',
    'rule.tooCommon': 'This is one of the most common passwords and easy to guess. Choose another one.',
    'rule.breached': 'This password is known from a data breach. Choose another one.',
    'rule.other': 'This value cannot be used. Choose another one.',
  },
  de: {
    'link.incomplete': 'Dieser Link ist unvollständig. Öffnen Sie ihn noch einmal aus der E-Mail.',
    'link-done.title': 'Fertig',
    'link-done.lead': 'Sie können diese Seite schließen.',
    'link-done.sign-in': 'Zur Anmeldung',
    'new-password.label': 'Neues Passwort',
    'new-password.hint': 'Ein paar Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten.',
    'new-password.good': 'Dieses Passwort ist gut.',
    'rule.tooShort': 'Dieses Passwort ist zu kurz. Verwenden Sie mindestens {limit} Zeichen.',
    'rule.tooLong': 'Dieses Passwort ist zu lang. Verwenden Sie höchstens {limit} Zeichen.',
    'rule.wellFormed': 'Hier stehen Zeichen, die nicht verwendet werden können.',
    'rule.personal':
      'Dieses Passwort besteht aus Ihrem Namen, Ihrer E-Mail-Adresse oder dem Namen dieses Dienstes. Wählen Sie ein anderes.',
    'rule.tooCommon': 'Dies ist eines der häufigsten Passwörter und leicht zu erraten. Wählen Sie ein anderes.',
    'rule.breached': 'Dieses Passwort ist aus einem Datenleck bekannt. Wählen Sie ein anderes.',
    'rule.other': 'Dieser Wert kann nicht verwendet werden. Wählen Sie einen anderen.',
  },
});
