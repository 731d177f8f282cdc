import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource, Repository } from 'typeorm';
import { ConfigurationError } from '../../config/configuration-error.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { isJwtOn, jwtOptions } from './jwt-options.js';
import { generateSigningJwk } from './key-generation.js';
import { unwrapKey, wrapKey } from './key-wrapping.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { signingKey } from './signing-key.js';
import { type SigningKey, SigningKeys } from './signing-keys.js';

/** The keys in the table `signing_keys`, loaded once at the start; the first node ever to start makes the first one. */
@Injectable()
export class TypeormSigningKeys extends SigningKeys implements OnApplicationBootstrap {
  private readonly logger = new Logger('jwt');
  private readonly table: Repository<SigningKeyEntity>;
  private readonly wrappingKey: Buffer;
  private keys: readonly SigningKey[] = [];

  constructor(
    @Inject(AUTH_DATA_SOURCE) dataSource: DataSource,
    secretKey: SecretKey,
    private readonly clock: Clock,
    private readonly options: Options,
  ) {
    super();
    this.table = dataSource.getRepository(SigningKeyEntity);
    this.wrappingKey = secretKey.derive('signing-keys');
  }

  /** @throws ConfigurationError when the secret key is not the one the stored keys are encrypted under */
  async onApplicationBootstrap(): Promise<void> {
    if (!isJwtOn(this.options.of(coreOptions))) return;
    const rows = await this.usable();
    this.keys = await this.prepare(rows.some(isCurrent) ? rows : await this.afterGenerating());
  }

  current(): SigningKey {
    const [key] = this.keys;
    if (!key) throw new TypeError('there is no signing key: the application has not started, or jwt is off');
    return key;
  }

  accepted(): readonly SigningKey[] {
    return this.keys;
  }

  /** The current key first, then those retired so lately that a token of theirs may still be out. */
  private async usable(): Promise<SigningKeyEntity[]> {
    const { jwtAlgorithm, accessTokenSeconds, jwtLeewaySeconds } = this.options.of(jwtOptions);
    const rows = await this.table.findBy({ algorithm: jwtAlgorithm });
    const horizon = this.clock.in(-(accessTokenSeconds + jwtLeewaySeconds));
    const retired = rows.filter(({ retiredAt }) => retiredAt !== null && retiredAt > horizon);
    return [...rows.filter(isCurrent), ...retired];
  }

  private async afterGenerating(): Promise<SigningKeyEntity[]> {
    const { jwtAlgorithm: algorithm } = this.options.of(jwtOptions);
    const { kid, jwk } = await generateSigningJwk(algorithm);
    const privateJwkEncrypted = await wrapKey(jwk, { kid, alg: algorithm }, this.wrappingKey);
    const row = { kid, algorithm, privateJwkEncrypted, createdAt: this.clock.now(), retiredAt: null };
    // Of any number of nodes starting at once the unique index lets one insert; all of them then read that one's key.
    await this.table.createQueryBuilder().insert().values(row).orIgnore().execute();
    return this.usable();
  }

  private async prepare(rows: readonly SigningKeyEntity[]): Promise<SigningKey[]> {
    const keys: SigningKey[] = [];
    for (const row of rows) {
      const { kid, algorithm } = row;
      const jwk = await unwrapKey(row.privateJwkEncrypted, { kid, alg: algorithm }, this.wrappingKey).catch((error) => {
        this.logger.error(`signing key ${kid} cannot be decrypted`, error);
        throw wrongSecretKey();
      });
      keys.push(signingKey(kid, algorithm, jwk));
    }
    return keys;
  }
}

function isCurrent({ retiredAt }: SigningKeyEntity): boolean {
  return retiredAt === null;
}

function wrongSecretKey(): ConfigurationError {
  const problem = 'does not decrypt the signing keys in the database';
  const remedy =
    'restore the one they were made with; if it is lost, empty the table signing_keys: clients then refresh their access tokens once';
  return new ConfigurationError([{ option: 'secretKey', problem, remedy }]);
}
