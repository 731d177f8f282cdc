import { defineWords } from '../../languages/define-words.js';

/** The words of the page of an invitation. */
export const invitationsWords = defineWords({
  en: {
    'invitation.title': 'Accept the invitation',
    'invitation.lead': 'Choose a password for your new account.',
    'invitation.button': 'Create the account',
    'invitation.done': 'Your account is ready. You can sign in now.',
    'invitation.spent': 'This invitation has been used or withdrawn, or has expired. Ask for a new one.',
    'account-log.event.invitation.accepted': 'You accepted an invitation',
  },
  de: {
    'invitation.title': 'Einladung annehmen',
    'invitation.lead': 'Wählen Sie ein Passwort für Ihr neues Konto.',
    'invitation.button': 'Konto anlegen',
    'invitation.done': 'Ihr Konto ist bereit. Sie können sich jetzt anmelden.',
    'invitation.spent':
      'Diese Einladung wurde schon angenommen oder zurückgezogen, oder sie ist abgelaufen. Bitten Sie um eine neue.',
    'account-log.event.invitation.accepted': 'Sie haben eine Einladung angenommen',
  },
});
