import type { AttestationVariant } from './attestation-object.js';
import type { CoseAlgorithm, CoseKey } from './cose-key.js';

/** The options of a ceremony: the answers of the option routes, as far as an authenticator reads them. */
export interface CeremonyOptions {
  readonly challenge: string;
  readonly rp?: { readonly id?: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
  readonly allowCredentials?: readonly { readonly id: string }[];
}

/** Where an authenticator departs from the standard. Absent: nowhere. */
export interface Misbehaviour {
  /** Over the client data, e.g. `{ type: 'webauthn.get' }`, `{ origin }`, `{ challenge }`, `{ crossOrigin: true }`. */
  readonly clientData?: Readonly<Record<string, unknown>>;
  /** Another relying party's. */
  readonly rpId?: string;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  /** The signature counter to claim; the true one goes on by itself. */
  readonly counter?: number;
  /** Base64url; null: none. */
  readonly userHandle?: string | null;
  /** Another authenticator's newest key signs. */
  readonly signedBy?: { newest(): SoftwarePasskey };
  readonly signature?: 'flipped' | 'empty';
  /** Over the credential itself, e.g. `{ rawId: 'AAAA' }`, `{ type: 'password' }`. */
  readonly credential?: Readonly<Record<string, unknown>>;
  /** Of the new credential. */
  readonly credentialId?: Uint8Array;
  readonly attestation?: AttestationVariant;
}

/** A passkey as an authenticator keeps it. */
export interface SoftwarePasskey {
  readonly id: Buffer;
  readonly rpId: string;
  readonly userHandle: string;
  readonly key: CoseKey;
  counter: number;
}

/** A credential as a browser's `toJSON` gives it. */
export interface CredentialJson {
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: Readonly<Record<string, unknown>>;
  readonly clientExtensionResults: object;
  readonly authenticatorAttachment: string;
}

/** How an authenticator is made. */
export interface AuthenticatorSettings {
  /** Of the page that asks it. */
  readonly origin: string;
  /** Default `ES256`. */
  readonly algorithm?: CoseAlgorithm;
  /** Whether its passkeys are copied to other devices; default true. */
  readonly synced?: boolean;
  /** Whether its signature counters move; default: when it is not `synced`. */
  readonly counts?: boolean;
}
