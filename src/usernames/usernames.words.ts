import { defineWords } from '../languages/define-words.js';

export const usernamesWords = defineWords({
  en: {
    'account-username.title': 'Username',
    'account-username.nav': 'Username',
    'account-username.about': 'You can sign in with your username in place of your e-mail address. Others may see it.',
    'account-username.name': 'Username',
    'account-username.rules': '3 to 32 letters or digits, with single dots, hyphens or underscores between them.',
    'account-username.submit': 'Save',
    'account-username.remove': 'Give up the username',
    'account-username.saved': 'The username has been saved.',
    'account-username.removed': 'You have no username any more. For a while no one else can choose it.',
    'account-username.error.conflict': 'This username is taken or cannot be chosen. Try another one.',
    'account-username.rule.isUsername':
      'Use 3 to 32 letters (a to z) or digits, with single dots, hyphens or underscores between them.',
    'account-log.event.username.changed': 'The username was changed',
    'account-log.event.username.removed': 'The username was given up',
  },
  de: {
    'account-username.title': 'Benutzername',
    'account-username.nav': 'Benutzername',
    'account-username.about':
      'Mit Ihrem Benutzernamen können Sie sich anstelle Ihrer E-Mail-Adresse anmelden. Andere können ihn sehen.',
    'account-username.name': 'Benutzername',
    'account-username.rules': '3 bis 32 Buchstaben oder Ziffern, dazwischen einzelne Punkte, Binde- oder Unterstriche.',
    'account-username.submit': 'Speichern',
    'account-username.remove': 'Benutzernamen aufgeben',
    'account-username.saved': 'Der Benutzername ist gespeichert.',
    'account-username.removed': 'Sie haben keinen Benutzernamen mehr. Eine Zeit lang kann ihn niemand sonst wählen.',
    'account-username.error.conflict':
      'Dieser Benutzername ist vergeben oder nicht wählbar. Versuchen Sie einen anderen.',
    'account-username.rule.isUsername':
      'Verwenden Sie 3 bis 32 Buchstaben (a bis z) oder Ziffern, dazwischen einzelne Punkte, Binde- oder Unterstriche.',
    'account-log.event.username.changed': 'Der Benutzername wurde geändert',
    'account-log.event.username.removed': 'Der Benutzername wurde aufgegeben',
  },
});
