import { defineWords } from '../../languages/define-words.js';

/** What the pages say of signing in by e-mail. */
export const mailboxWords = defineWords({
  en: {
    'mailbox.by-address': 'Sign in by e-mail',
    'mailbox.again': 'That took too long, or began in another browser. Request a new e-mail.',
    'mailbox.otherwise': 'Sign in another way',
    'mailbox-sign-in.title': 'Sign in by e-mail',
    'mailbox-sign-in.about': 'You receive an e-mail with which you sign in. No password is needed.',
    'mailbox-sign-in.submit': 'Send the e-mail',
    'mailbox-sent.title': 'Check your mailbox',
    'mailbox-sent.about.one':
      'If {email} has an account, an e-mail to sign in with is on its way. It is valid for {count} minute.',
    'mailbox-sent.about.other':
      'If {email} has an account, an e-mail to sign in with is on its way. It is valid for {count} minutes.',
    'mailbox-sent.link': 'Open the link in the e-mail, if possible in this browser.',
    'mailbox-sent.code': 'Code from the e-mail',
    'mailbox-sent.nothing': 'Nothing there? Look into the spam folder as well.',
    'mailbox-sent.again': 'Request a new e-mail',
    'mailbox-sent.error.invalid_credentials':
      'That code does not match. Check it and try again, or request a new e-mail.',
    'mailbox-link.title': 'Sign in to {site}',
    'mailbox-link.about': 'Press the button to sign in as {email}.',
    'mailbox-link.elsewhere':
      'You requested this link in another browser or on another device. To sign in here, enter the e-mail address to which it was sent. If you did not request it, close this page.',
    'mailbox-link.error.invalid_credentials':
      'This did not work. The link was used, has expired, or was sent to another e-mail address.',
    'account-log.event.login.mail_sent': 'An e-mail to sign in with was sent',
  },
  de: {
    'mailbox.by-address': 'Per E-Mail anmelden',
    'mailbox.again': 'Das hat zu lange gedauert oder begann in einem anderen Browser. Fordern Sie eine neue E-Mail an.',
    'mailbox.otherwise': 'Anders anmelden',
    'mailbox-sign-in.title': 'Per E-Mail anmelden',
    'mailbox-sign-in.about': 'Sie erhalten eine E-Mail, mit der Sie sich anmelden. Ein Passwort ist nicht nötig.',
    'mailbox-sign-in.submit': 'E-Mail senden',
    'mailbox-sent.title': 'Sehen Sie in Ihr Postfach',
    'mailbox-sent.about.one':
      'Wenn es zu {email} ein Konto gibt, ist eine E-Mail zum Anmelden unterwegs. Sie gilt {count} Minute.',
    'mailbox-sent.about.other':
      'Wenn es zu {email} ein Konto gibt, ist eine E-Mail zum Anmelden unterwegs. Sie gilt {count} Minuten.',
    'mailbox-sent.link': 'Öffnen Sie den Link in der E-Mail, möglichst in diesem Browser.',
    'mailbox-sent.code': 'Code aus der E-Mail',
    'mailbox-sent.nothing': 'Nichts da? Sehen Sie auch im Spam-Ordner nach.',
    'mailbox-sent.again': 'Neue E-Mail anfordern',
    'mailbox-sent.error.invalid_credentials':
      'Dieser Code stimmt nicht. Prüfen Sie ihn und versuchen Sie es erneut, oder fordern Sie eine neue E-Mail an.',
    'mailbox-link.title': 'Bei {site} anmelden',
    'mailbox-link.about': 'Melden Sie sich mit dem Knopf als {email} an.',
    'mailbox-link.elsewhere':
      'Sie haben diesen Link in einem anderen Browser oder auf einem anderen Gerät angefordert. Um sich hier anzumelden, geben Sie die E-Mail-Adresse ein, an die er gesendet wurde. Wenn Sie ihn nicht angefordert haben, schließen Sie diese Seite.',
    'mailbox-link.error.invalid_credentials':
      'Das hat nicht funktioniert. Der Link wurde schon benutzt, ist abgelaufen oder wurde an eine andere E-Mail-Adresse gesendet.',
    'account-log.event.login.mail_sent': 'Eine E-Mail zum Anmelden wurde gesendet',
  },
});
