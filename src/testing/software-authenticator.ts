import { createHash, randomBytes } from 'node:crypto';
import { attestationObject } from './attestation-object.js';
import { CoseKey } from './cose-key.js';
import type {
  AuthenticatorSettings,
  CeremonyOptions,
  CredentialJson,
  Misbehaviour,
  SoftwarePasskey,
} from './webauthn-ceremony.js';

/**
 * A passkey provider and a browser in one, without either: real keys, real signatures, and on request every deviation that a
 * relying party must refuse.
 *
 * @example
 * const phone = new SoftwareAuthenticator({ origin: 'http://localhost:3000' });
 * const { body: options } = await user.post('/auth/factors/passkeys/options', { password });
 * await user.post('/auth/factors/passkeys', { credential: phone.create(options) });
 */
export class SoftwareAuthenticator {
  readonly passkeys: SoftwarePasskey[] = [];

  constructor(private readonly settings: AuthenticatorSettings) {}

  /** As `navigator.credentials.create`. */
  create(options: CeremonyOptions, wrong: Misbehaviour = {}): CredentialJson {
    const key = CoseKey.generate(this.settings.algorithm ?? 'ES256');
    const id = Buffer.from(wrong.credentialId ?? randomBytes(32));
    const rpId = options.rp?.id ?? '';
    const passkey = { id, rpId, userHandle: options.user?.id ?? '', key, counter: 0 };
    this.passkeys.push(passkey);
    const clientDataJSON = this.clientData('webauthn.create', options, wrong);
    const length = Buffer.from([id.length >> 8, id.length & 0xff]);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, key.publicKey]);
    const authData = Buffer.concat([this.authenticatorData(passkey, wrong, true), attested]);
    const signer = wrong.signedBy?.newest().key ?? key;
    const attestation = attestationObject(authData, sha256(clientDataJSON), signer, wrong.attestation ?? 'none');
    const response = {
      clientDataJSON: clientDataJSON.toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: this.isSynced ? ['hybrid', 'internal'] : ['usb'],
    };
    return credentialJson(id, response, wrong);
  }

  /** As `navigator.credentials.get`: with one of `allowCredentials`, else with the newest passkey. */
  get(options: CeremonyOptions, wrong: Misbehaviour = {}): CredentialJson {
    const passkey = this.chosen(options);
    if (this.settings.counts ?? !this.isSynced) passkey.counter += 1;
    const clientDataJSON = this.clientData('webauthn.get', options, wrong);
    const authData = this.authenticatorData(passkey, wrong, false);
    const signer = wrong.signedBy?.newest() ?? passkey;
    const signature = signer.key.sign(Buffer.concat([authData, sha256(clientDataJSON)]));
    if (wrong.signature === 'flipped') signature[signature.length - 1]! ^= 1;
    const response = {
      clientDataJSON: clientDataJSON.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: wrong.signature === 'empty' ? '' : signature.toString('base64url'),
      userHandle: wrong.userHandle === undefined ? passkey.userHandle : (wrong.userHandle ?? undefined),
    };
    return credentialJson(passkey.id, response, wrong);
  }

  /** A copy with the same keys, whose counters go on by themselves: what a thief of the keys has. */
  clone(): SoftwareAuthenticator {
    const copy = new SoftwareAuthenticator(this.settings);
    copy.passkeys.push(...this.passkeys.map((passkey) => ({ ...passkey })));
    return copy;
  }

  /** @throws while it has none */
  newest(): SoftwarePasskey {
    const passkey = this.passkeys.at(-1);
    if (!passkey) throw new Error('this authenticator has no passkey');
    return passkey;
  }

  private get isSynced(): boolean {
    return this.settings.synced ?? true;
  }

  private chosen({ allowCredentials = [] }: CeremonyOptions): SoftwarePasskey {
    if (allowCredentials.length === 0) return this.newest();
    const allowed = new Set(allowCredentials.map(({ id }) => id));
    return this.passkeys.find(({ id }) => allowed.has(id.toString('base64url'))) ?? this.newest();
  }

  private clientData(type: string, { challenge }: CeremonyOptions, { clientData }: Misbehaviour): Buffer {
    const { origin } = this.settings;
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }));
  }

  private authenticatorData(passkey: SoftwarePasskey, wrong: Misbehaviour, isNew: boolean): Buffer {
    const { userPresent = true, userVerified = true, backupEligible = this.isSynced, backedUp = this.isSynced } = wrong;
    const flags = [userPresent, false, userVerified, backupEligible, backedUp, false, isNew];
    const data = Buffer.alloc(37);
    sha256(Buffer.from(wrong.rpId ?? passkey.rpId)).copy(data);
    data[32] = flags.reduce((bits, isSet, bit) => bits | (isSet ? 1 << bit : 0), 0);
    data.writeUInt32BE(wrong.counter ?? passkey.counter, 33);
    return data;
  }
}

function credentialJson(
  id: Buffer,
  response: CredentialJson['response'],
  { credential }: Misbehaviour,
): CredentialJson {
  const text = id.toString('base64url');
  const authenticatorAttachment = 'platform';
  return {
    id: text,
    rawId: text,
    type: 'public-key',
    response,
    clientExtensionResults: {},
    authenticatorAttachment,
    ...credential,
  };
}

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}
