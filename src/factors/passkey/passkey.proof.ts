import { type CredentialJson, IsCredential } from './credential-json.js';

/** The proof of a passkey. */
export class PasskeyProof {
  /** The result of `navigator.credentials.get`, by its `toJSON`. */
  @IsCredential('assertion')
  credential!: CredentialJson;
}
