import { defineWords } from '../../../languages/define-words.js';

/** The words of the pages for signing up and for forgotten passwords. */
export const passwordWords = defineWords({
  en: {
    'email.label': 'E-mail address',
    'sign-up.title': 'Create an account',
    'sign-up.name': 'Name (optional)',
    'sign-up.button': 'Create account',
    'sign-up.known': 'Do you already have an account?',
    'sign-up.sign-in': 'Go to sign-in',
    'sign-up.error.conflict':
      'There is an account with this address already. Sign in, or choose a new password if you have forgotten it.',
    'sign-up-closed.title': 'By invitation only',
    'sign-up-closed.lead':
      'You cannot create an account by yourself here. Ask the people who run {site} for an invitation.',
    'sign-up-sent.title': 'Check your mailbox',
    'sign-up-sent.lead': 'We have sent you an e-mail. Follow the link in it to finish.',
    'sign-up-sent.nothing': 'Nothing has arrived?',
    'sign-up-sent.spam': 'It can take a few minutes. Check the spam folder, too. Or have the link sent again:',
    'sign-up-sent.button': 'Send the link again',
    'sign-up-sent.again': 'If this address is waiting to be verified, another link is on its way.',
    'send-verification.title': 'Verify your e-mail address',
    'send-verification.lead':
      'Enter what you sign in with. If its e-mail address is not verified yet, we send a link to that address.',
    'send-verification.button': 'Send the link',
    'send-verification.sent':
      'If that e-mail address is not verified yet, a link is on its way to it. Follow it, then sign in. It can take a few minutes. Check the spam folder, too.',
    'forgot.title': 'Forgot the password?',
    'forgot.lead': 'Enter your e-mail address. You will receive a link to choose a new password.',
    'forgot.button': 'Send the link',
    'forgot-sent.title': 'Check your mailbox',
    'forgot-sent.lead': 'If there is an account with this address, we have sent an e-mail with a link to it.',
    'forgot-sent.nothing': 'It can take a few minutes. Check the spam folder, too.',
    'forgot-sent.again': 'Try another address',
    'reset-password.title': 'Choose a new password',
    'reset-password.lead': 'You will be signed out on all devices.',
    'reset-password.button': 'Set the password',
    'reset-password.done': 'Your new password is set, and you are signed out everywhere. Sign in with it.',
    'reset-password.spent': 'This link has been used or has expired. Request a new one.',
    'reset-password.again': 'Request a new link',
  },
  de: {
    'email.label': 'E-Mail-Adresse',
    'sign-up.title': 'Konto anlegen',
    'sign-up.name': 'Name (optional)',
    'sign-up.button': 'Konto anlegen',
    'sign-up.known': 'Haben Sie schon ein Konto?',
    'sign-up.sign-in': 'Zur Anmeldung',
    'sign-up.error.conflict':
      'Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich an, oder wählen Sie ein neues Passwort, falls Sie es vergessen haben.',
    'sign-up-closed.title': 'Nur mit Einladung',
    'sign-up-closed.lead':
      'Sie können hier nicht selbst ein Konto anlegen. Bitten Sie die Betreiber von {site} um eine Einladung.',
    'sign-up-sent.title': 'Sehen Sie in Ihr Postfach',
    'sign-up-sent.lead': 'Wir haben Ihnen eine E-Mail geschickt. Öffnen Sie den Link darin, um fortzufahren.',
    'sign-up-sent.nothing': 'Nichts angekommen?',
    'sign-up-sent.spam':
      'Es kann ein paar Minuten dauern. Sehen Sie auch im Spam-Ordner nach. Oder lassen Sie sich den Link noch einmal schicken:',
    'sign-up-sent.button': 'Link noch einmal senden',
    'sign-up-sent.again': 'Wenn diese Adresse auf ihre Bestätigung wartet, ist ein weiterer Link unterwegs.',
    'send-verification.title': 'E-Mail-Adresse bestätigen',
    'send-verification.lead':
      'Geben Sie ein, womit Sie sich anmelden. Ist die E-Mail-Adresse dazu noch nicht bestätigt, senden wir einen Link an sie.',
    'send-verification.button': 'Link senden',
    'send-verification.sent':
      'Wenn diese E-Mail-Adresse noch nicht bestätigt ist, ist ein Link an sie unterwegs. Öffnen Sie ihn und melden Sie sich dann an. Es kann ein paar Minuten dauern. Sehen Sie auch im Spam-Ordner nach.',
    'forgot.title': 'Passwort vergessen?',
    'forgot.lead': 'Geben Sie Ihre E-Mail-Adresse ein. Sie erhalten einen Link, mit dem Sie ein neues Passwort wählen.',
    'forgot.button': 'Link senden',
    'forgot-sent.title': 'Sehen Sie in Ihr Postfach',
    'forgot-sent.lead':
      'Wenn es zu dieser Adresse ein Konto gibt, haben wir eine E-Mail mit einem Link dorthin geschickt.',
    'forgot-sent.nothing': 'Es kann ein paar Minuten dauern. Sehen Sie auch im Spam-Ordner nach.',
    'forgot-sent.again': 'Andere Adresse versuchen',
    'reset-password.title': 'Neues Passwort wählen',
    'reset-password.lead': 'Sie werden auf allen Geräten abgemeldet.',
    'reset-password.button': 'Passwort festlegen',
    'reset-password.done': 'Ihr neues Passwort gilt, und Sie sind überall abgemeldet. Melden Sie sich damit an.',
    'reset-password.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen. Fordern Sie einen neuen an.',
    'reset-password.again': 'Neuen Link anfordern',
  },
});
