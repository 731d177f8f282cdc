import { type CredentialJson, IsCredential } from './credential-json.js';

/** What proves a passkey. */
export class PasskeyProof {
  /** What `navigator.credentials.get` gave, by its `toJSON`. */
  @IsCredential('assertion')
  credential!: CredentialJson;
}
