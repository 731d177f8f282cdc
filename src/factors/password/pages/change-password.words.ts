import { defineWords } from '../../../languages/define-words.js';

export const changePasswordWords = defineWords({
  en: {
    'account-password.title': 'Change your password',
    'account-password.about': 'All your other sessions end. This browser stays signed in.',
    'account-password.currentPassword': 'Current password',
    'account-password.newPassword': 'New password',
    'account-password.hint': 'A few words that do not belong together are easy to remember and hard to guess.',
    'account-password.none':
      'You have no password: you sign in another way. To set one, request a link. It goes to the address of your account.',
    'account-password.request': 'Request a link',
    'account-password.submit': 'Change the password',
    'account-password.changed': 'Your password has been changed. All other sessions have ended.',
    'account-password.error.invalid_credentials': 'This is not your current password. Check it and try again.',
    'account-password.rule.unchanged': 'This is your password already. Choose another one.',
  },
  de: {
    'account-password.title': 'Passwort ändern',
    'account-password.about': 'Alle Ihre anderen Sitzungen enden. In diesem Browser bleiben Sie angemeldet.',
    'account-password.currentPassword': 'Bisheriges Passwort',
    'account-password.newPassword': 'Neues Passwort',
    'account-password.hint': 'Ein paar Wörter, die nicht zusammengehören, sind leicht zu merken und schwer zu erraten.',
    'account-password.none':
      'Sie haben kein Passwort: Sie melden sich anders an. Um eines einzurichten, fordern Sie einen Link an. Er geht an die Adresse Ihres Kontos.',
    'account-password.request': 'Link anfordern',
    'account-password.submit': 'Passwort ändern',
    'account-password.changed': 'Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet.',
    'account-password.error.invalid_credentials':
      'Das bisherige Passwort stimmt nicht. Prüfen Sie es und versuchen Sie es erneut.',
    'account-password.rule.unchanged': 'Das ist schon Ihr Passwort. Wählen Sie ein anderes.',
  },
});
