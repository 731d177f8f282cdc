import { v7 as uuidv7 } from 'uuid';
import { isUuid } from '../../kernel/is-uuid.js';
import { fromBase64url, MOST_CREDENTIAL_ID_BYTES } from './credential-json.js';
import { knownTransports } from './known-transports.js';
import { MOST_PASSKEYS, type PasskeyRecord } from './passkey.store.js';
import { isUsablePublicKey } from './public-key.js';

/** A passkey of another system, before it is anybody's here. */
export type ImportedPasskey = Omit<PasskeyRecord, 'id' | 'userId'>;

type Given = Readonly<Record<string, unknown>>;

const NO_AAGUID = '00000000-0000-0000-0000-000000000000';
const MOST_USES = 0xffff_ffff;
/** As of those that users name themselves. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,100}$/u;

/**
 * What an imported row says of a user's passkeys: `{ rpId, passkeys: [{ credentialId, publicKey, counter, transports, aaguid, name, createdAt, secondFactor }] }`. Ids and keys
 * (COSE) are in base64url; `secondFactor: false` is one that no login asks for.
 *
 * @param rpId the domain of ours: passkeys of another work on no page of this service, and a login that asked for one could not go on
 * @returns null where anything of it cannot be taken over
 */
export function importedPasskeysOf(given: unknown, rpId: string, now: Date): readonly ImportedPasskey[] | null {
  const { rpId: theirs, passkeys } = objectOf(given);
  if (theirs !== rpId || !Array.isArray(passkeys) || passkeys.length === 0 || passkeys.length > MOST_PASSKEYS)
    return null;
  const read = passkeys.map((one) => importedPasskey(objectOf(one), now)).filter((one) => one !== null);
  const ids = new Set(read.map(({ credentialId }) => credentialId));
  return ids.size === passkeys.length ? read : null;
}

/** The same, of that user. */
export function passkeyOf(userId: string, passkey: ImportedPasskey, now: Date): PasskeyRecord {
  return { ...passkey, id: uuidv7({ msecs: now.getTime() }), userId };
}

function importedPasskey(given: Given, now: Date): ImportedPasskey | null {
  const { aaguid, name, transports, secondFactor = true, counter = 0 } = given;
  const [credentialId, publicKey] = [textOf(given.credentialId), textOf(given.publicKey)];
  if (!isCredentialId(credentialId) || !isPublicKey(publicKey)) return null;
  if (!isCounter(counter) || typeof secondFactor !== 'boolean') return null;
  return {
    credentialId,
    publicKey,
    signatureCount: counter,
    transports: Array.isArray(transports) ? knownTransports(transports.filter((one) => typeof one === 'string')) : [],
    aaguid: typeof aaguid === 'string' && isUuid(aaguid) ? aaguid : NO_AAGUID,
    // Its first use tells both.
    backupEligible: false,
    backedUp: false,
    automatic: !secondFactor,
    imported: true,
    name: typeof name === 'string' && NAME.test(name) ? name : 'Passkey',
    createdAt: createdOf(given, now),
    lastUsedAt: null,
  };
}

function isCredentialId(text: string): boolean {
  const { length } = fromBase64url(text) ?? '';
  return length > 0 && length <= MOST_CREDENTIAL_ID_BYTES;
}

function isPublicKey(text: string): boolean {
  const bytes = fromBase64url(text);
  return bytes !== null && isUsablePublicKey(bytes);
}

function isCounter(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_USES;
}

function createdOf({ createdAt }: Given, now: Date): Date {
  const at = Date.parse(textOf(createdAt));
  return Number.isNaN(at) ? now : new Date(Math.min(at, now.getTime()));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: unknown): Given {
  return typeof value === 'object' && value !== null ? (value as Given) : {};
}
