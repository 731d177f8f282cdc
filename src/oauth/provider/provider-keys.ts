import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JWK } from 'oidc-provider';
import { type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import type { Library } from './library.js';

/** Presents our signing keys to the library. Private parts never leave them. */
@Injectable()
export class ProviderKeys {
  constructor(private readonly signingKeys: SigningKeys) {}

  /** Another array when keys have come or gone. */
  accepted(): readonly SigningKey[] {
    return this.signingKeys.accepted();
  }

  /** See `SigningKeys.certain`. */
  certain(): Promise<unknown> | null {
    return this.signingKeys.certain();
  }

  /** Signs access tokens, and ID tokens of clients that want no other. */
  get algorithm(): string {
    return this.signingKeys.current().algorithm;
  }

  /** The key set of the library: the current key first, for it signs with the first that fits. */
  keySet({ ExternalSigningKey }: Library): { keys: JWK[] } {
    const current = this.signingKeys.current();
    const others = this.signingKeys.accepted().filter(({ kid }) => kid !== current.kid);
    const keys = [current, ...others].filter(({ publicJwk }) => publicJwk !== null);
    return { keys: keys.map((key) => externalKey(ExternalSigningKey, key) as unknown as JWK) };
  }
}

/** A key of ours as the library's kind that signs elsewhere. */
function externalKey(Base: Library['ExternalSigningKey'], key: SigningKey): object {
  const publicKey = createPublicKey({ key: key.publicJwk!, format: 'jwk' });
  class OwnKey extends Base {
    override keyObject() {
      return publicKey;
    }

    override async sign(data: Uint8Array) {
      return key.sign(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
    }
  }
  return Object.assign(new OwnKey(), { kid: key.kid, alg: key.algorithm });
}
