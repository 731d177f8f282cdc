import { defineWords } from '../../languages/define-words.js';

/** The words of its pages and mails. */
export const passkeyWords = defineWords({
  en: {
    'mail.way.passkey': 'a passkey',
    'passkey.sign-in': 'Use a passkey',
    'passkey.choose': 'Use your passkey',
    'passkey.enrol': 'Set up a passkey',
    'passkey.failed': 'No passkey was used. Try again, or use another way.',
    'passkey-sign-in.title': 'The passkey was not accepted',
    'passkey-sign-in.back': 'Back to sign-in',
    'passkey-sign-in.error.invalid_credentials':
      'This passkey is not known here, or the request has expired. Try again, or use your password.',
    'enrol-passkey.title': 'Set up a passkey',
    'enrol-passkey.why':
      'A passkey is kept by your device or password manager. You use it with the fingerprint, face or PIN that unlocks the device.',
    'enrol-passkey.failed': 'No passkey was set up. Try again.',
    'enrol-passkey.other': 'Choose another way',
  },
  de: {
    'mail.way.passkey': 'ein Passkey',
    'passkey.sign-in': 'Passkey verwenden',
    'passkey.choose': 'Ihren Passkey verwenden',
    'passkey.enrol': 'Passkey einrichten',
    'passkey.failed': 'Es wurde kein Passkey verwendet. Versuchen Sie es erneut, oder wählen Sie einen anderen Weg.',
    'passkey-sign-in.title': 'Der Passkey wurde nicht angenommen',
    'passkey-sign-in.back': 'Zurück zur Anmeldung',
    'passkey-sign-in.error.invalid_credentials':
      'Dieser Passkey ist hier nicht bekannt, oder die Anfrage ist abgelaufen. Versuchen Sie es erneut, oder verwenden Sie Ihr Passwort.',
    'enrol-passkey.title': 'Passkey einrichten',
    'enrol-passkey.why':
      'Einen Passkey bewahrt Ihr Gerät oder Ihr Passwort-Manager auf. Sie verwenden ihn mit dem Fingerabdruck, dem Gesicht oder der PIN, mit der Sie das Gerät entsperren.',
    'enrol-passkey.failed': 'Es wurde kein Passkey eingerichtet. Versuchen Sie es erneut.',
    'enrol-passkey.other': 'Anderen Weg wählen',
  },
});
