import { defineWords } from '../../../languages/define-words.js';

/** The words of the pages on which an authenticator app is set up and removed. */
export const totpPagesWords = defineWords({
  en: {
    'factor-totp.title': 'Authenticator app',
    'factor-totp.name': 'Authenticator app',
    'factor-totp.about': 'An app on your phone shows a new code every half minute. You enter it after your password.',
    'factor-totp.set-up': 'Set up',
    'factor-totp.manage': 'Manage',
    'factor-totp.password': 'Your password',
    'factor-totp.password.about': 'Required because you have no second factor yet.',
    'factor-totp.replace': 'Set up another app',
    'factor-totp.replace.about':
      'If you set up another app, this one works until you have entered the first code of the new one.',
    'factor-totp.remove': 'Remove the app',
    'factor-totp.removed': 'The authenticator app has been removed. All other sessions have ended.',
    'factor-totp.code': 'Code that the app shows',
    'factor-totp.confirm': 'Confirm',
    'factor-totp.error.invalid_credentials': 'This is not your password. Check it and try again.',
    'factor-totp-secret.title': 'Set up your authenticator app',
    'factor-totp-secret.scan': 'Scan this code with your app.',
    'factor-totp-secret.qr': 'QR code with the secret that also stands below as text',
    'factor-totp-secret.type': 'If you cannot scan it, type this secret into the app instead:',
    'factor-totp-secret.code': 'Enter the code that the app shows now.',
    'factor-totp-secret.once': 'The secret is shown only this once. If you leave this page, start again.',
    'factor-totp-confirm.title': 'Confirm your authenticator app',
    'factor-totp-confirm.about': 'Enter the code that the app shows now.',
    'factor-totp-confirm.again': 'Start again with a new secret',
    'factor-totp-confirm.error.invalid_credentials':
      'This code does not match. Wait for the next one, and check that the clock of your phone is right.',
    'factor-totp-confirm.error.conflict': 'There is no app waiting to be confirmed. Start again.',
    'factor-totp-remove.title': 'Remove the authenticator app',
    'factor-totp-remove.about':
      'You are no longer asked for its codes. All your other sessions end. Your recovery codes go with it, unless another factor needs them.',
    'factor-totp-remove.error.conflict':
      'It cannot be removed: your account must have a second factor, or it would have no way to sign in. Set up another one first.',
  },
  de: {
    'factor-totp.title': 'Authenticator-App',
    'factor-totp.name': 'Authenticator-App',
    'factor-totp.about':
      'Eine App auf Ihrem Telefon zeigt jede halbe Minute einen neuen Code. Sie geben ihn nach Ihrem Passwort ein.',
    'factor-totp.set-up': 'Einrichten',
    'factor-totp.manage': 'Verwalten',
    'factor-totp.password': 'Ihr Passwort',
    'factor-totp.password.about': 'Erforderlich, weil Sie noch keinen zweiten Faktor haben.',
    'factor-totp.replace': 'Andere App einrichten',
    'factor-totp.replace.about':
      'Wenn Sie eine andere App einrichten, gilt diese weiter, bis Sie den ersten Code der neuen eingegeben haben.',
    'factor-totp.remove': 'App entfernen',
    'factor-totp.removed': 'Die Authenticator-App ist entfernt. Alle anderen Sitzungen sind beendet.',
    'factor-totp.code': 'Code, den die App zeigt',
    'factor-totp.confirm': 'Bestätigen',
    'factor-totp.error.invalid_credentials': 'Das ist nicht Ihr Passwort. Prüfen Sie es und versuchen Sie es erneut.',
    'factor-totp-secret.title': 'Ihre Authenticator-App einrichten',
    'factor-totp-secret.scan': 'Scannen Sie diesen Code mit Ihrer App.',
    'factor-totp-secret.qr': 'QR-Code mit dem Geheimnis, das auch darunter als Text steht',
    'factor-totp-secret.type': 'Wenn Sie ihn nicht scannen können, tippen Sie stattdessen dieses Geheimnis in die App:',
    'factor-totp-secret.code': 'Geben Sie den Code ein, den die App jetzt zeigt.',
    'factor-totp-secret.once':
      'Das Geheimnis wird nur dieses eine Mal gezeigt. Wenn Sie diese Seite verlassen, fangen Sie neu an.',
    'factor-totp-confirm.title': 'Ihre Authenticator-App bestätigen',
    'factor-totp-confirm.about': 'Geben Sie den Code ein, den die App jetzt zeigt.',
    'factor-totp-confirm.again': 'Mit einem neuen Geheimnis neu anfangen',
    'factor-totp-confirm.error.invalid_credentials':
      'Dieser Code passt nicht. Warten Sie auf den nächsten, und prüfen Sie, ob die Uhr Ihres Telefons richtig geht.',
    'factor-totp-confirm.error.conflict': 'Es wartet keine App auf Bestätigung. Fangen Sie neu an.',
    'factor-totp-remove.title': 'Authenticator-App entfernen',
    'factor-totp-remove.about':
      'Sie werden nicht mehr nach ihren Codes gefragt. Alle Ihre anderen Sitzungen enden. Ihre Wiederherstellungscodes enden mit, wenn kein anderer Faktor sie braucht.',
    'factor-totp-remove.error.conflict':
      'Sie kann nicht entfernt werden: Ihr Konto braucht einen zweiten Faktor, oder es gäbe keinen Weg mehr, sich anzumelden. Richten Sie zuerst einen anderen ein.',
  },
});
