import { defineWords } from '../../languages/define-words.js';

/** The words of its pages and mails. */
export const totpWords = defineWords({
  en: {
    'mail.way.totp': 'an authenticator app',
    'totp.choose': 'Use your authenticator app',
    'totp.code': 'Code from your authenticator app',
    'totp.hint': 'Six digits, new every 30 seconds.',
    'totp.enrol': 'Set up an authenticator app',
    'enrol-totp.title': 'Set up an authenticator app',
    'enrol-totp.why':
      'You need an app on your phone that shows codes, such as those of Google, Microsoft or your password manager. The next page shows a picture for it to scan.',
    'enrol-totp.begin': 'Show the picture',
    'enrol-totp.scan': 'Scan this picture with your authenticator app. It is shown only now.',
    'enrol-totp.qr': 'Picture to scan with an authenticator app',
    'enrol-totp.type': 'I cannot scan it',
    'enrol-totp.code': 'Code that the app shows',
    'enrol-totp.confirm': 'Confirm',
    'enrol-totp.anew': 'Start again with a new picture',
    'enrol-totp.error.invalid_credentials':
      'That code does not match. Wait for the next one that your app shows and enter it.',
    'enrol-totp.error.conflict': 'The picture has expired. Start again with a new one.',
    'enrol-done.title': 'Keep your recovery codes',
    'enrol-done.text':
      'Each of these codes signs you in once when your app is not at hand. Print them or write them down, and keep them where you keep important papers. They are shown only now.',
    'enrol-done.continue': 'I have kept them',
  },
  de: {
    'mail.way.totp': 'eine Authenticator-App',
    'totp.choose': 'Authenticator-App verwenden',
    'totp.code': 'Code aus Ihrer Authenticator-App',
    'totp.hint': 'Sechs Ziffern, alle 30 Sekunden neu.',
    'totp.enrol': 'Authenticator-App einrichten',
    'enrol-totp.title': 'Authenticator-App einrichten',
    'enrol-totp.why':
      'Sie brauchen auf Ihrem Telefon eine App, die Codes anzeigt, zum Beispiel von Google, Microsoft oder Ihrem Passwort-Manager. Die nächste Seite zeigt ein Bild, das die App einliest.',
    'enrol-totp.begin': 'Bild anzeigen',
    'enrol-totp.scan': 'Lesen Sie dieses Bild mit Ihrer Authenticator-App ein. Es wird nur jetzt angezeigt.',
    'enrol-totp.qr': 'Bild zum Einlesen mit einer Authenticator-App',
    'enrol-totp.type': 'Ich kann es nicht einlesen',
    'enrol-totp.code': 'Code, den die App anzeigt',
    'enrol-totp.confirm': 'Bestätigen',
    'enrol-totp.anew': 'Mit einem neuen Bild beginnen',
    'enrol-totp.error.invalid_credentials':
      'Dieser Code stimmt nicht. Warten Sie auf den nächsten, den Ihre App anzeigt, und geben Sie ihn ein.',
    'enrol-totp.error.conflict': 'Das Bild ist abgelaufen. Beginnen Sie mit einem neuen.',
    'enrol-done.title': 'Bewahren Sie Ihre Wiederherstellungscodes auf',
    'enrol-done.text':
      'Jeder dieser Codes meldet Sie einmal an, wenn Sie Ihre App nicht zur Hand haben. Drucken Sie sie aus oder schreiben Sie sie auf, und bewahren Sie sie bei Ihren wichtigen Unterlagen auf. Sie werden nur jetzt angezeigt.',
    'enrol-done.continue': 'Ich habe sie aufbewahrt',
  },
});
