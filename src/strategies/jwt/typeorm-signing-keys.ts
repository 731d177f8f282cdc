import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type DataSource, type EntityManager, IsNull, type Repository } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { ConfigurationError } from '../../config/configuration-error.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { isJwtOn, jwtOptions } from './jwt-options.js';
import { generateSigningJwk } from './key-generation.js';
import { unwrapKey, wrapKey } from './key-wrapping.js';
import { RepeatableReading } from './repeatable-reading.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { signingKey } from './signing-key.js';
import { type KeyRotator, type SigningKey, SigningKeys } from './signing-keys.js';

/** A node that heard nothing of a rotation signs with the older key for so long at most; its tokens must be good elsewhere. */
const REREAD_SECONDS = 30;
const MARGIN_SECONDS = 4 * REREAD_SECONDS;

/**
 * The keys in the table `signing_keys`; the first node ever to start makes the first one. A rotation by another node is
 * noticed when a token of the new key arrives, or half a minute later.
 */
@Injectable()
export class TypeormSigningKeys extends SigningKeys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('jwt');
  private readonly table: Repository<SigningKeyEntity>;
  private readonly wrappingKey: Buffer;
  private keys: readonly SigningKey[] = [];
  private readonly reading = new RepeatableReading(() => this.reread());
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    secretKey: SecretKey,
    private readonly audit: AuditSink,
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
    this.timer = setInterval(() => void this.reading.begin().catch(() => undefined), REREAD_SECONDS * 1000).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  override async refresh(): Promise<void> {
    if (this.keys.length > 0) await this.reading.begin();
  }

  override async rotate(by: KeyRotator): Promise<void> {
    if (!isJwtOn(this.options.of(coreOptions))) throw new AuthError('conflict', { reason: 'jwt_is_off' });
    const { jwtAlgorithm: algorithm } = this.options.of(jwtOptions);
    const row = await this.freshRow();
    await this.dataSource.transaction(async (manager) => {
      await lockRotations(manager);
      const retiredAt = this.clock.now();
      await manager.update(SigningKeyEntity, { algorithm, retiredAt: IsNull() }, { retiredAt });
      await manager.insert(SigningKeyEntity, row);
      await this.audit.record({ type: 'jwt.keys_rotated', kid: row.kid, ...by }, manager);
    });
    await this.reading.begin();
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
    const horizon = this.clock.in(-(accessTokenSeconds + jwtLeewaySeconds + MARGIN_SECONDS));
    const retired = rows.filter(({ retiredAt }) => retiredAt !== null && retiredAt > horizon);
    return [...rows.filter(isCurrent), ...retired];
  }

  private async afterGenerating(): Promise<SigningKeyEntity[]> {
    const row = await this.freshRow();
    // Of any number of nodes starting at once the unique index lets one insert; all of them then read that one's key.
    await this.table.createQueryBuilder().insert().values(row).orIgnore().execute();
    return this.usable();
  }

  private async freshRow(): Promise<SigningKeyEntity> {
    const { jwtAlgorithm: algorithm } = this.options.of(jwtOptions);
    const { kid, jwk } = await generateSigningJwk(algorithm);
    const privateJwkEncrypted = await wrapKey(jwk, { kid, alg: algorithm }, this.wrappingKey);
    return { kid, algorithm, privateJwkEncrypted, createdAt: this.clock.now(), retiredAt: null };
  }

  /** Keeps the array while nothing has changed: what was verified by it stays known. */
  private async reread(): Promise<void> {
    const rows = await this.usable();
    const isSame = rows.length === this.keys.length && rows.every(({ kid }, i) => kid === this.keys[i]!.kid);
    if (!isSame && rows.some(isCurrent)) this.keys = await this.prepare(rows);
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

/** Any number, the same in every process: `jwks` in ASCII. */
const ROTATION_LOCK = 0x6a776b73;

/** One at a time: of two at once the second must see, and retire, the key of the first. */
async function lockRotations(within: EntityManager): Promise<void> {
  await within.query('SELECT pg_advisory_xact_lock($1)', [ROTATION_LOCK]);
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
