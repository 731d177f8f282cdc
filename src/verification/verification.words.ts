import { defineWords } from '../languages/define-words.js';

/** The words of the pages that verify an address. */
export const verificationWords = defineWords({
  en: {
    'verify-email.title': 'Verify your e-mail address',
    'verify-email.lead': 'Press the button to confirm that this e-mail address is yours.',
    'verify-email.button': 'Verify',
    'verify-email.done': 'Your e-mail address is verified. You can sign in now.',
    'verify-email.spent': 'This link has been used or has expired. Request a new one.',
    'verify-email.again': 'Request a new link',
    'choose-password.title': 'Choose a password',
    'choose-password.lead': 'Your e-mail address is verified. Now choose a password.',
    'choose-password.button': 'Set the password',
    'choose-password.spent': 'This link has been used or has expired. Request a new one.',
    'account-log.event.email.verified': 'The e-mail address was verified',
  },
  de: {
    'verify-email.title': 'E-Mail-Adresse bestätigen',
    'verify-email.lead': 'Bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört.',
    'verify-email.button': 'Bestätigen',
    'verify-email.done': 'Ihre E-Mail-Adresse ist bestätigt. Sie können sich jetzt anmelden.',
    'verify-email.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen. Fordern Sie einen neuen an.',
    'verify-email.again': 'Neuen Link anfordern',
    'choose-password.title': 'Passwort wählen',
    'choose-password.lead': 'Ihre E-Mail-Adresse ist bestätigt. Wählen Sie jetzt ein Passwort.',
    'choose-password.button': 'Passwort festlegen',
    'choose-password.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen. Fordern Sie einen neuen an.',
    'account-log.event.email.verified': 'Die E-Mail-Adresse wurde bestätigt',
  },
});
