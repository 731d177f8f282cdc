import { defineWords } from '../languages/define-words.js';

export const signingKeysWords = defineWords({
  en: {
    'admin-keys.title': 'Keys and certificates',
    'admin-keys.nav': 'Keys',
    'admin-keys.signing': 'Signing keys',
    'admin-keys.off': 'Access tokens are switched off, so there are no signing keys.',
    'admin-keys.what':
      'They sign access tokens, and the ID tokens and logout tokens of OAuth clients. After a rotation, tokens of the previous key stay valid until they expire.',
    'admin-keys.error.conflict': 'The application brings these keys: they can be replaced there only.',
    'admin-keys.kid': 'Key',
    'admin-keys.algorithm': 'Algorithm',
    'admin-keys.use': 'Use',
    'admin-keys.signs': 'Signs new tokens',
    'admin-keys.accepted': 'Accepted until its tokens expire',
    'admin-keys.rotate': 'Rotate the key',
    'admin-keys.rotated': 'A new key signs from now on.',
    'admin-keys.withdraw': 'A key has leaked',
    'admin-keys.withdrawn': 'A new key signs from now on. No node accepts tokens of the older keys.',
    'admin-keys.machines': 'Machines',
    'admin-keys.machines-what': 'The page of each service user shows its API keys and certificate names.',
    'admin-keys.services': 'Service users',
    'admin-keys-withdraw.title': 'Withdraw all signing keys',
    'admin-keys-withdraw.what':
      'Use this when a key may have leaked. A new key signs from now on, and every access token that was issued before is refused. Clients refresh their tokens; sessions go on.',
    'admin-keys-withdraw.ends.one': 'This withdraws {count} key.',
    'admin-keys-withdraw.ends.other': 'This withdraws {count} keys.',
    'admin-keys-withdraw.button': 'Withdraw the keys',
    'admin-keys-withdraw.cancel': 'Cancel',
  },
  de: {
    'admin-keys.title': 'Schlüssel und Zertifikate',
    'admin-keys.nav': 'Schlüssel',
    'admin-keys.signing': 'Signaturschlüssel',
    'admin-keys.off': 'Zugriffstoken sind ausgeschaltet, daher gibt es keine Signaturschlüssel.',
    'admin-keys.what':
      'Sie signieren Zugriffstoken sowie ID-Token und Logout-Token für OAuth-Clients. Nach einem Wechsel bleiben Token des vorigen Schlüssels gültig, bis sie ablaufen.',
    'admin-keys.error.conflict': 'Die Anwendung bringt diese Schlüssel mit: Sie lassen sich nur dort ersetzen.',
    'admin-keys.kid': 'Schlüssel',
    'admin-keys.algorithm': 'Verfahren',
    'admin-keys.use': 'Verwendung',
    'admin-keys.signs': 'Signiert neue Token',
    'admin-keys.accepted': 'Wird anerkannt, bis seine Token ablaufen',
    'admin-keys.rotate': 'Schlüssel wechseln',
    'admin-keys.rotated': 'Ab jetzt signiert ein neuer Schlüssel.',
    'admin-keys.withdraw': 'Ein Schlüssel ist bekannt geworden',
    'admin-keys.withdrawn':
      'Ab jetzt signiert ein neuer Schlüssel. Kein Knoten erkennt Token der älteren Schlüssel an.',
    'admin-keys.machines': 'Maschinen',
    'admin-keys.machines-what':
      'API-Schlüssel und Zertifikatsnamen stehen auf der Seite des Dienstbenutzers, zu dem sie gehören.',
    'admin-keys.services': 'Dienstbenutzer',
    'admin-keys-withdraw.title': 'Alle Signaturschlüssel zurückziehen',
    'admin-keys-withdraw.what':
      'Wenn ein Schlüssel bekannt geworden sein könnte. Ab jetzt signiert ein neuer Schlüssel, und jedes früher ausgestellte Zugriffstoken wird abgelehnt. Clients erneuern ihre Token; Sitzungen laufen weiter.',
    'admin-keys-withdraw.ends.one': 'Damit wird {count} Schlüssel zurückgezogen.',
    'admin-keys-withdraw.ends.other': 'Damit werden {count} Schlüssel zurückgezogen.',
    'admin-keys-withdraw.button': 'Schlüssel zurückziehen',
    'admin-keys-withdraw.cancel': 'Abbrechen',
  },
});
