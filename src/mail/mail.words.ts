import { defineWords } from '../languages/define-words.js';

/** Words that several mails share. */
export const mailWords = defineWords({
  en: {
    'mail.sent-by': 'This e-mail was sent by {site}.',
    'mail.code': 'Code',
    'mail.once': 'The link works once and expires in {validFor}.',
    'mail.when': 'When: {at}.',
    'mail.when-and-device': 'When: {at}. Device: {device}.',
    'mail.when-unknown-device': 'When: {at}. Device: unknown.',
    'mail.if-me': 'If it was you, there is nothing to do.',
    'mail.not-me-link': 'This was not me',
    'mail.not-me':
      'If it was not you, follow the link within {validFor}. It removes everything that was added to your account since then and ends every session. You then receive an e-mail to choose a new password.',
    'mail.not-me-without-link': 'If it was not you, contact the people who run {site}.',
    'mail.addition': '{what}, on {at}',
  },
  de: {
    'mail.sent-by': 'Diese E-Mail wurde von {site} gesendet.',
    'mail.code': 'Code',
    'mail.once': 'Der Link funktioniert einmal und ist noch {validFor} gültig.',
    'mail.when': 'Zeitpunkt: {at}.',
    'mail.when-and-device': 'Zeitpunkt: {at}. Gerät: {device}.',
    'mail.when-unknown-device': 'Zeitpunkt: {at}. Gerät: unbekannt.',
    'mail.if-me': 'Wenn Sie das waren, müssen Sie nichts tun.',
    'mail.not-me-link': 'Das war ich nicht',
    'mail.not-me':
      'Wenn Sie das nicht waren, öffnen Sie den Link; er ist noch {validFor} gültig. Er entfernt alles, was seither zu Ihrem Konto hinzugefügt wurde, und beendet alle Sitzungen. Danach erhalten Sie eine E-Mail, um ein neues Passwort zu wählen.',
    'mail.not-me-without-link': 'Wenn Sie das nicht waren, wenden Sie sich an die Betreiber von {site}.',
    'mail.addition': '{what}, am {at}',
  },
});
