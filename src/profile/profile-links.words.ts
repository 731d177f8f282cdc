import { defineWords } from '../languages/define-words.js';

/** The words of the pages about links to a change of the account. */
export const profileLinksWords = defineWords({
  en: {
    'confirm-email.title': 'Confirm your new e-mail address',
    'confirm-email.lead': 'Press the button to use this e-mail address from now on.',
    'confirm-email.button': 'Confirm',
    'confirm-email.done': 'Your e-mail address has been changed.',
    'confirm-email.spent': 'This link has been used or has expired, or the address is already taken.',
    'undo-email.title': 'Keep your old address',
    'undo-email.lead':
      'Press the button to undo the change. All your sessions will be ended, and you will choose a new password.',
    'undo-email.button': 'Undo the change',
    'undo-email.done': 'The change has been undone. Check your mailbox for a link to choose a new password.',
    'undo-email.spent': 'This link has been used or has expired.',
    'not-me.title': 'This was not me',
    'not-me.lead':
      'Press the button to undo this change and everything that was added to your account since then. All your sessions will be ended, and you will choose a new password.',
    'not-me.button': 'This was not me',
    'not-me.done': 'Your account is protected. Check your mailbox for a link to choose a new password.',
    'not-me.spent': 'This link has been used or has expired.',
  },
  de: {
    'confirm-email.title': 'Neue E-Mail-Adresse bestätigen',
    'confirm-email.lead': 'Danach gilt diese E-Mail-Adresse für Ihr Konto.',
    'confirm-email.button': 'Bestätigen',
    'confirm-email.done': 'Ihre E-Mail-Adresse wurde geändert.',
    'confirm-email.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen, oder die Adresse ist schon vergeben.',
    'undo-email.title': 'Alte E-Mail-Adresse behalten',
    'undo-email.lead':
      'Die Änderung wird rückgängig gemacht. Alle Ihre Sitzungen werden beendet, und Sie wählen ein neues Passwort.',
    'undo-email.button': 'Änderung rückgängig machen',
    'undo-email.done':
      'Die Änderung ist rückgängig gemacht. In Ihrem Postfach finden Sie einen Link, um ein neues Passwort zu wählen.',
    'undo-email.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen.',
    'not-me.title': 'Das war ich nicht',
    'not-me.lead':
      'Diese Änderung und alles, was seitdem zu Ihrem Konto hinzugekommen ist, wird rückgängig gemacht. Alle Ihre Sitzungen werden beendet, und Sie wählen ein neues Passwort.',
    'not-me.button': 'Das war ich nicht',
    'not-me.done': 'Ihr Konto ist geschützt. In Ihrem Postfach finden Sie einen Link, um ein neues Passwort zu wählen.',
    'not-me.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen.',
  },
});
