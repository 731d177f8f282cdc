import { defineWords } from '../../../languages/define-words.js';

/** The words of the user's passkey pages. */
export const passkeysWords = defineWords({
  en: {
    'factor-passkey.title': 'Passkeys',
    'factor-passkey.name': 'Passkeys',
    'factor-passkey.about':
      'A passkey is kept by your device or password manager. You sign in with it alone, with the fingerprint, face or PIN that unlocks the device.',
    'factor-passkey.offer': 'Next time, sign in without a password: with a passkey on this device.',
    'factor-passkey.set-up': 'Set up',
    'factor-passkey.manage': 'Manage',
    'factor-passkey.back': 'Back to your passkeys',
    'factor-passkey.add': 'Add a passkey',
    'factor-passkey.added': 'The passkey has been added. All other sessions have ended.',
    'factor-passkey.none': 'You have no passkey.',
    'factor-passkey.synced': 'kept on several devices',
    'factor-passkey.automatic': 'created by your browser',
    'factor-passkey.name-field': 'Name of the passkey',
    'factor-passkey.rename': 'Rename',
    'factor-passkey.renamed': 'The passkey has its new name.',
    'factor-passkey.remove': 'Remove',
    'factor-passkey.removed': 'The passkey has been removed. All other sessions have ended.',
    'factor-passkey-add.title': 'Add a passkey',
    'factor-passkey-add.about': 'Your browser asks you where to keep it. All your other sessions end.',
    'factor-passkey-add.scripts': 'Passkeys need scripts. Allow them for this site, or set up an authenticator app.',
    'factor-passkey-add.password': 'Your password',
    'factor-passkey-add.password.about': 'Required because you have no second factor yet.',
    'factor-passkey-add.name.about': 'Such as the device it is on. Leave this empty for the name of this browser.',
    'factor-passkey-add.submit': 'Add a passkey',
    'factor-passkey-add.failed': 'No passkey was added. Check what you entered and try again.',
    'factor-passkey-add.error.conflict': 'This passkey is set up already, or you have as many as are allowed.',
    'factor-passkey-rename.title': 'Rename a passkey',
    'factor-passkey-remove.title': 'Remove a passkey',
    'factor-passkey-remove.about':
      'You can no longer sign in with {name}. All your other sessions end. Your device may still keep it: delete it there too.',
    'factor-passkey-remove.error.conflict':
      'It cannot be removed: your account must have a second factor, or it would have no way to sign in. Set up another one first.',
  },
  de: {
    'factor-passkey.title': 'Passkeys',
    'factor-passkey.name': 'Passkeys',
    'factor-passkey.about':
      'Einen Passkey bewahrt Ihr Gerät oder Ihr Passwort-Manager auf. Sie melden sich allein damit an, mit dem Fingerabdruck, dem Gesicht oder der PIN, mit der Sie das Gerät entsperren.',
    'factor-passkey.offer': 'Melden Sie sich beim nächsten Mal ohne Passwort an: mit einem Passkey dieses Geräts.',
    'factor-passkey.set-up': 'Einrichten',
    'factor-passkey.manage': 'Verwalten',
    'factor-passkey.back': 'Zurück zu Ihren Passkeys',
    'factor-passkey.add': 'Passkey hinzufügen',
    'factor-passkey.added': 'Der Passkey ist hinzugefügt. Alle anderen Sitzungen sind beendet.',
    'factor-passkey.none': 'Sie haben keinen Passkey.',
    'factor-passkey.synced': 'auf mehreren Geräten',
    'factor-passkey.automatic': 'von Ihrem Browser angelegt',
    'factor-passkey.name-field': 'Name des Passkeys',
    'factor-passkey.rename': 'Umbenennen',
    'factor-passkey.renamed': 'Der Passkey hat seinen neuen Namen.',
    'factor-passkey.remove': 'Entfernen',
    'factor-passkey.removed': 'Der Passkey ist entfernt. Alle anderen Sitzungen sind beendet.',
    'factor-passkey-add.title': 'Passkey hinzufügen',
    'factor-passkey-add.about': 'Ihr Browser fragt Sie, wo er ihn aufbewahren soll. Alle Ihre anderen Sitzungen enden.',
    'factor-passkey-add.scripts':
      'Passkeys brauchen Skripte. Erlauben Sie sie für diese Website, oder richten Sie eine Authenticator-App ein.',
    'factor-passkey-add.password': 'Ihr Passwort',
    'factor-passkey-add.password.about': 'Erforderlich, weil Sie noch keinen zweiten Faktor haben.',
    'factor-passkey-add.name.about':
      'Zum Beispiel das Gerät, auf dem er ist. Ohne Angabe erhält er den Namen dieses Browsers.',
    'factor-passkey-add.submit': 'Passkey hinzufügen',
    'factor-passkey-add.failed':
      'Es wurde kein Passkey hinzugefügt. Prüfen Sie Ihre Angaben und versuchen Sie es erneut.',
    'factor-passkey-add.error.conflict':
      'Dieser Passkey ist schon eingerichtet, oder Sie haben so viele, wie erlaubt sind.',
    'factor-passkey-rename.title': 'Passkey umbenennen',
    'factor-passkey-remove.title': 'Passkey entfernen',
    'factor-passkey-remove.about':
      'Sie können sich mit {name} nicht mehr anmelden. Alle Ihre anderen Sitzungen enden. Ihr Gerät behält ihn vielleicht noch: Löschen Sie ihn auch dort.',
    'factor-passkey-remove.error.conflict':
      'Er kann nicht entfernt werden: Ihr Konto braucht einen zweiten Faktor, oder es gäbe keinen Weg mehr, sich anzumelden. Richten Sie zuerst einen anderen ein.',
  },
});
