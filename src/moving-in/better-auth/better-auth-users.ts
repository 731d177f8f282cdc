import type { MovingNote, ReadSettings } from '../export-reader.js';
import { flagIn, instantIn, textIn } from '../field-values.js';
import type { RawRow } from '../raw-record.js';
import { RecordRefusal, type UserOfRecord } from '../record-reading.js';
import { openTwoFactorSecret } from './two-factor-secret.js';

type Row = RawRow['row'];

/** A user's rows in the other tables. */
export interface BetterAuthRows {
  readonly accounts: readonly Row[];
  readonly twoFactors: readonly Row[];
  readonly passkeys: readonly Row[];
}

interface SecondFactors {
  readonly factors: Record<string, unknown>;
  readonly notes: readonly MovingNote[];
}

/** A row of `user`. @throws RecordRefusal */
export function betterAuthUserOf(row: Row, rows: BetterAuthRows, settings: ReadSettings): UserOfRecord {
  const email = textIn(row, 'email');
  if (email === undefined) throw new RecordRefusal('no_email');
  if (flagIn(row, 'isAnonymous') === true) throw new RecordRefusal('anonymous');
  const [name, createdAt] = [textIn(row, 'name'), instantIn(row, 'createdAt')];
  // As its plugin shows it; `username` is the same in lower case.
  const username = textIn(row, 'displayUsername') ?? textIn(row, 'username');
  const passwordHash = rows.accounts.flatMap((account) => textIn(account, 'password') ?? [])[0];
  const [app, passkeys] = [appOf(row, rows, settings), passkeysOf(rows.passkeys, settings)];
  const factors = { ...app.factors, ...passkeys.factors };
  const user = {
    email,
    emailVerified: flagIn(row, 'emailVerified') === true,
    ...(name !== undefined && { name }),
    ...(username !== undefined && { username }),
    ...(createdAt !== undefined && { createdAt }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...banOf(row),
    ...(Object.keys(factors).length > 0 && { factors }),
    roles: (textIn(row, 'role') ?? '')
      .split(',')
      .map((role) => role.trim())
      .filter((role) => role !== ''),
  };
  const isLinked = rows.accounts.some((account) => textIn(account, 'providerId') !== 'credential');
  const notes = [...app.notes, ...passkeys.notes, ...(isLinked ? ['provider_login_left_out'] : [])];
  return { user, notes };
}

function banOf(row: Row) {
  if (flagIn(row, 'banned') !== true) return {};
  const [bannedUntil, banReason] = [instantIn(row, 'banExpires'), textIn(row, 'banReason')];
  return {
    banned: true,
    ...(bannedUntil !== undefined && { bannedUntil }),
    ...(banReason !== undefined && { banReason: banReason.slice(0, 500) }),
  };
}

/** Only what the user has proven: a row that waits for its first code counts for nothing. */
function appOf(row: Row, { twoFactors }: BetterAuthRows, { parameters }: ReadSettings): SecondFactors {
  if (flagIn(row, 'twoFactorEnabled') !== true) return { factors: {}, notes: [] };
  const proven = twoFactors.find((one) => flagIn(one, 'verified') !== false);
  const stored = proven && textIn(proven, 'secret');
  // By a code that is mailed, or a row that is not in the file.
  if (stored === undefined) return { factors: {}, notes: ['second_factor_left_out'] };
  const secrets = textIn(parameters, 'secret');
  if (secrets === undefined) throw new RecordRefusal('secret_parameter_missing');
  const secret = openTwoFactorSecret(stored, secrets);
  if (secret === null) throw new RecordRefusal('secret_parameter_wrong');
  return { factors: { totp: { secret } }, notes: ['recovery_codes_left_out'] };
}

/** Passkeys work under the domain that they were made for, and under no other; no row says which it was. */
function passkeysOf(passkeys: readonly Row[], { parameters }: ReadSettings): SecondFactors {
  const rpId = textIn(parameters, 'rpId');
  if (passkeys.length === 0) return { factors: {}, notes: [] };
  if (rpId === undefined) return { factors: {}, notes: ['passkey_left_out'] };
  return { factors: { passkey: { rpId, passkeys: passkeys.map(passkeyOf) } }, notes: [] };
}

/** As `PasskeyFactor.importOne` reads it. No login by password asks for one there. */
function passkeyOf(row: Row) {
  const publicKey = textIn(row, 'publicKey');
  return {
    credentialId: textIn(row, 'credentialID'),
    publicKey: publicKey && Buffer.from(publicKey, 'base64').toString('base64url'),
    counter: Number(textIn(row, 'counter') ?? 0),
    transports: (textIn(row, 'transports') ?? '').split(','),
    aaguid: textIn(row, 'aaguid'),
    name: textIn(row, 'name'),
    createdAt: instantIn(row, 'createdAt'),
    secondFactor: false,
  };
}
