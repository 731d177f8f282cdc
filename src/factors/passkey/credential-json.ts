import { registerDecorator } from 'class-validator';
import { MaxDepth } from '../../http/max-depth.decorator.js';

/** A credential as a browser's `toJSON` gives it: the fields we look at, of the right types, and nothing else checked. */
export interface CredentialJson {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: {
    readonly clientDataJSON: string;
    /** Of a new credential. */
    readonly attestationObject?: string;
    readonly transports?: readonly string[];
    /** Of an assertion. */
    readonly authenticatorData?: string;
    readonly signature?: string;
    readonly userHandle?: string | null;
  };
}

/** Long enough for any authenticator, too short to have the server hash megabytes. */
const MOST_CHARACTERS = 50_000;

/** Level 3 §5.8.3: 1023 bytes. */
export const MOST_CREDENTIAL_ID_BYTES = 1023;

/** Refuses what is no credential of that kind, by its types alone. Others of its fields may be whatever the browser sends. */
export function IsCredential(kind: 'attestation' | 'assertion'): PropertyDecorator {
  return (target, key) => {
    // Results of extensions are objects in objects.
    MaxDepth(8)(target, key);
    registerDecorator({
      name: 'isCredential',
      target: target.constructor,
      propertyName: String(key),
      validator: {
        validate: (value) => isCredential(value, kind),
        defaultMessage: () => '$property must be the JSON that the browser returned (PublicKeyCredential.toJSON)',
      },
    });
  };
}

function isCredential(value: unknown, kind: 'attestation' | 'assertion'): value is CredentialJson {
  if (!isObject(value) || !isObject(value.response)) return false;
  const { clientDataJSON, attestationObject, transports, authenticatorData, signature, userHandle } = value.response;
  if (![value.id, value.rawId, value.type, clientDataJSON].every(isText)) return false;
  if (kind === 'assertion') {
    const hasHandle = userHandle !== undefined && userHandle !== null;
    return isText(authenticatorData) && isText(signature) && (!hasHandle || isText(userHandle));
  }
  return (
    isText(attestationObject) && (transports === undefined || (Array.isArray(transports) && transports.every(isText)))
  );
}

/** Null for anything but the one way to write these bytes: no padding, no other alphabet, no stray bits. */
export function fromBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_CHARACTERS;
}
