import { Logger } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { generateSigningJwk } from './key-generation.js';
import { unwrapKey, wrapKey } from './key-wrapping.js';
import type { SigningKeyEntity } from './signing-key.entity.js';
import { signingKey } from './signing-key.js';
import type { JwtAlgorithm, SigningKey } from './signing-keys.js';

/** Signing keys as they are stored: their private parts encrypted. */
export class SealedSigningKeys {
  private readonly logger = new Logger('jwt');

  constructor(private readonly wrappingKey: Buffer) {}

  async fresh(algorithm: JwtAlgorithm, createdAt: Date): Promise<SigningKeyEntity> {
    const { kid, jwk } = await generateSigningJwk(algorithm);
    const privateJwkEncrypted = await wrapKey(jwk, { kid, alg: algorithm }, this.wrappingKey);
    return { kid, algorithm, privateJwkEncrypted, createdAt, retiredAt: null };
  }

  /** @throws ConfigurationError when they were encrypted under another key */
  async open(rows: readonly SigningKeyEntity[]): Promise<SigningKey[]> {
    const keys: SigningKey[] = [];
    for (const row of rows) {
      const { kid, algorithm } = row;
      const jwk = await unwrapKey(row.privateJwkEncrypted, { kid, alg: algorithm }, this.wrappingKey).catch((error) => {
        this.logger.error(`the signing key ${kid} cannot be decrypted`, error);
        throw wrongSecretKey();
      });
      keys.push(signingKey(kid, algorithm, jwk));
    }
    return keys;
  }
}

function wrongSecretKey(): ConfigurationError {
  const problem = 'cannot decrypt the signing keys in the database';
  const remedy =
    'restore the key they were encrypted with; if it is lost, empty the table signing_keys: clients then refresh their access tokens once';
  return new ConfigurationError([{ option: 'secretKey', problem, remedy }]);
}
