import { Secret } from 'otpauth';
import type { MovingNote } from '../export-reader.js';
import { millisecondsIn, objectIn, objectsIn, textIn, textsIn } from '../field-values.js';
import { RecordRefusal } from '../record-reading.js';

type Row = Readonly<Record<string, unknown>>;

/** What a user proves themselves with, as Keycloak exports it. */
export interface KeycloakCredentials {
  readonly passwordHash?: string;
  readonly factors: Readonly<Record<string, unknown>>;
  readonly notes: readonly MovingNote[];
}

const DIGESTS: Readonly<Record<string, string>> = {
  pbkdf2: '',
  'pbkdf2-sha256': '-sha256',
  'pbkdf2-sha512': '-sha512',
};
/** Of the plugins that add it: their value is the whole hash, and the salt may be empty. */
const BCRYPT = /^\$2[aby]\$/;
const ARGON2_VERSIONS: Readonly<Record<string, number>> = { '1.0': 16, '1.3': 19 };

/**
 * Of `credentials`: the password, the authenticator app and the passkeys.
 *
 * @param rpId the domain that passkeys were made for; undefined: they are left out
 * @throws RecordRefusal for what cannot be read
 */
export function credentialsOf(user: Row, rpId: string | undefined): KeycloakCredentials {
  const notes: MovingNote[] = [];
  let passwordHash: string | undefined;
  let totp: { secret: string } | undefined;
  const passkeys: object[] = [];
  for (const credential of objectsIn(user, 'credentials')) {
    const type = textIn(credential, 'type');
    const secret = type === 'otp' || type === 'totp' ? totpSecretOf(credential) : null;
    if (type === 'password') passwordHash ??= hashOf(credential);
    else if (secret !== null && !totp) totp = { secret };
    else if (type !== 'webauthn' && type !== 'webauthn-passwordless') notes.push(noteOf(type));
    else if (rpId !== undefined) passkeys.push(passkeyOf(credential, type));
    else notes.push('passkey_left_out');
  }
  const factors = { ...(totp && { totp }), ...(passkeys.length > 0 && { passkey: { rpId, passkeys } }) };
  return { ...(passwordHash !== undefined && { passwordHash }), factors, notes };
}

function noteOf(type: string | undefined): MovingNote {
  return type === 'recovery-authn-codes' ? 'recovery_codes_left_out' : 'second_factor_left_out';
}

/** As PHC string, or passlib's form of PBKDF2: it says all that Keycloak keeps in three places. */
function hashOf(credential: Row): string {
  // Before version 8 the members stood beside each other.
  const isOld = textIn(credential, 'hashedSaltedValue') !== undefined;
  const data = isOld ? credential : objectIn(credential, 'credentialData');
  const secret = isOld ? credential : objectIn(credential, 'secretData');
  const key = secret && textIn(secret, isOld ? 'hashedSaltedValue' : 'value');
  const salt = secret && textIn(secret, 'salt');
  const algorithm = data && textIn(data, 'algorithm');
  const iterations = data && textIn(data, 'hashIterations');
  if (!data || !key || !algorithm || !iterations) throw new RecordRefusal('password_unreadable');
  const digest = DIGESTS[algorithm];
  if (digest === undefined && algorithm !== 'argon2') return BCRYPT.test(key) ? key : `{keycloak:${algorithm}}`;
  if (!salt) throw new RecordRefusal('password_unreadable');
  if (digest !== undefined) return `$pbkdf2${digest}$${iterations}$${passlib(salt)}$${passlib(key)}`;
  return argon2Of(data, iterations, salt, key);
}

function argon2Of(data: Row, iterations: string, salt: string, key: string): string {
  const more = objectIn(data, 'additionalParameters') ?? {};
  const [type, version, memory, lanes] = ['type', 'version', 'memory', 'parallelism'].map(
    (name) => textsIn(more, name)[0],
  );
  const v = ARGON2_VERSIONS[version ?? ''];
  if (!type || !memory || !lanes || v === undefined) throw new RecordRefusal('password_unreadable');
  return `$argon2${type}$v=${v}$m=${memory},t=${iterations},p=${lanes}$${unpadded(salt)}$${unpadded(key)}`;
}

/** Null: codes that are no app's of six digits every 30 seconds. */
function totpSecretOf(credential: Row): string | null {
  const data = objectIn(credential, 'credentialData') ?? {};
  const secret = textIn(objectIn(credential, 'secretData') ?? {}, 'value');
  if (secret === undefined) throw new RecordRefusal('totp_unreadable');
  const form = ['subType', 'digits', 'period', 'algorithm'].map((name) => textIn(data, name));
  if (form.join(' ') !== 'totp 6 30 HmacSHA1') return null;
  // Keycloak's key is the text itself, unless it says otherwise.
  return textIn(data, 'secretEncoding') === 'BASE32' ? secret : Secret.fromUTF8(secret).base32;
}

/** As `PasskeyFactor.importOne` reads it. One that replaces the password is asked for after none. */
function passkeyOf(credential: Row, type: string): object {
  const data = objectIn(credential, 'credentialData') ?? {};
  const [credentialId, publicKey] = [textIn(data, 'credentialId'), textIn(data, 'credentialPublicKey')];
  if (credentialId === undefined || publicKey === undefined) throw new RecordRefusal('passkey_unreadable');
  return {
    credentialId: base64url(credentialId),
    publicKey: base64url(publicKey),
    counter: Number(textIn(data, 'counter') ?? 0),
    transports: textsIn(data, 'transports').map((one) => one.toLowerCase()),
    aaguid: textIn(data, 'aaguid'),
    name: textIn(credential, 'userLabel'),
    createdAt: millisecondsIn(credential, 'createdDate'),
    secondFactor: type === 'webauthn',
  };
}

function base64url(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64url');
}

function passlib(base64: string): string {
  return unpadded(base64).replaceAll('+', '.');
}

function unpadded(base64: string): string {
  return base64.replace(/={1,2}$/, '');
}
