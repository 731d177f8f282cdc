import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type DataSource, type EntityManager, IsNull, type Repository } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { SecretKey } from '../kernel/secret-key.js';
import { SIGNING_NEEDS, type SigningNeed } from '../kernel/signing-need.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { areKeysNeeded, keysOptions } from './keys-options.js';
import { KEYS_CHANGED, KnownKeys } from './known-keys.js';
import { SealedSigningKeys } from './sealed-signing-keys.js';
import { SigningKeyEntity } from './signing-key.entity.js';
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
  private readonly table: Repository<SigningKeyEntity>;
  private readonly sealed: SealedSigningKeys;
  private readonly tokenSeconds: number;
  private keys: readonly SigningKey[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    secretKey: SecretKey,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    private readonly options: Options,
    private readonly known: KnownKeys,
    private readonly revocations: Revocations,
    @Inject(SIGNING_NEEDS) needs: readonly SigningNeed[],
  ) {
    super();
    this.tokenSeconds = Math.max(0, ...needs.map(({ tokenSeconds }) => tokenSeconds));
    known.readBy(() => this.reread());
    this.table = dataSource.getRepository(SigningKeyEntity);
    this.sealed = new SealedSigningKeys(secretKey.deriveAll('signing-keys'));
  }

  /** @throws ConfigurationError when the secret key is not the one the stored keys are encrypted under */
  async onApplicationBootstrap(): Promise<void> {
    if (!areKeysNeeded(this.options)) return;
    const rows = await this.usable();
    const usable = rows.some(isCurrent) ? rows : await this.afterGenerating();
    this.keys = await this.sealed.open(usable);
    await this.renew(usable);
    this.timer = setInterval(() => void this.known.reread().catch(() => undefined), REREAD_SECONDS * 1000).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  override async refresh(): Promise<void> {
    if (this.keys.length > 0) await this.known.reread();
  }

  override certain(): Promise<unknown> | null {
    return this.keys.length > 0 ? this.known.certain() : null;
  }

  override rotate(by: KeyRotator): Promise<void> {
    return this.replace(async (manager, { kid, algorithm }) => {
      const retiredAt = this.clock.now();
      await manager.update(SigningKeyEntity, { algorithm, retiredAt: IsNull() }, { retiredAt });
      await this.audit.record({ type: 'signing_key.rotated', kid, ...by }, manager);
    });
  }

  override async withdraw(by: KeyRotator): Promise<void> {
    await this.replace(
      async (manager, { kid }) => {
        // Of every algorithm: a node may still be configured for another.
        const { affected } = await manager.createQueryBuilder().delete().from(SigningKeyEntity).execute();
        await this.audit.record({ type: 'signing_key.withdrawn', kid, withdrawn: affected, ...by }, manager);
      },
      [KEYS_CHANGED],
    );
    await this.revocations.settle([KEYS_CHANGED]);
  }

  /** @param removeOthers before the new key is written: of each algorithm one is current */
  private async replace(
    removeOthers: (manager: EntityManager, next: SigningKeyEntity) => Promise<void>,
    announcements: readonly Announcement[] = [],
  ): Promise<void> {
    if (!areKeysNeeded(this.options)) throw new AuthError('conflict', { reason: 'nothing_is_signed' });
    const row = await this.freshRow();
    await this.dataSource.transaction(async (manager) => {
      await lockRotations(manager);
      await removeOthers(manager, row);
      await manager.insert(SigningKeyEntity, row);
      if (announcements.length > 0) await this.revocations.announce(announcements, manager);
    });
    await this.known.reread();
  }

  current(): SigningKey {
    const [key] = this.keys;
    if (!key)
      throw new TypeError('there is no signing key: the application has not started, or no strategy signs anything');
    return key;
  }

  accepted(): readonly SigningKey[] {
    return this.keys;
  }

  /** The current key first, then those retired so lately that a token of theirs may still be out. */
  private async usable(): Promise<SigningKeyEntity[]> {
    const rows = await this.table.findBy({ algorithm: this.options.of(keysOptions).jwtAlgorithm });
    const horizon = this.clock.in(-(this.tokenSeconds + MARGIN_SECONDS));
    const retired = rows.filter(({ retiredAt }) => retiredAt !== null && retiredAt > horizon);
    return [...rows.filter(isCurrent), ...retired];
  }

  private async afterGenerating(): Promise<SigningKeyEntity[]> {
    const row = await this.freshRow();
    // Of any number of nodes starting at once the unique index lets one insert; all of them then read that one's key.
    await this.table.createQueryBuilder().insert().values(row).orIgnore().execute();
    return this.usable();
  }

  /** How many are stored under a previous secret key: those that nothing reads any more count too. */
  async outdated(): Promise<number> {
    const rows = await this.table.find();
    return (await Promise.all(rows.map((row) => this.sealed.renewed(row)))).filter((renewed) => renewed !== null)
      .length;
  }

  /** Stores anew what was stored under a previous secret key. */
  private async renew(rows: readonly SigningKeyEntity[]): Promise<void> {
    for (const { kid, privateJwkEncrypted, ...row } of rows) {
      const renewed = await this.sealed.renewed({ kid, privateJwkEncrypted, ...row });
      // Whoever does it first: the content is the same.
      if (renewed !== null) await this.table.update({ kid, privateJwkEncrypted }, { privateJwkEncrypted: renewed });
    }
  }

  private freshRow(): Promise<SigningKeyEntity> {
    return this.sealed.fresh(this.options.of(keysOptions).jwtAlgorithm, this.clock.now());
  }

  /** Keeps the array while nothing has changed: what was verified by it stays known. */
  private async reread(): Promise<void> {
    let rows = await this.usable();
    // All were withdrawn by a node that is configured for another algorithm.
    if (!rows.some(isCurrent)) rows = await this.afterGenerating();
    const isSame = rows.length === this.keys.length && rows.every(({ kid }, i) => kid === this.keys[i]!.kid);
    if (!isSame) this.keys = await this.sealed.open(rows);
  }
}

/** Any number, the same in every process: `jwks` in ASCII. */
const ROTATION_LOCK = 0x6a776b73;

/** One at a time: of two at once the second must see, and retire, the key of the first. */
async function lockRotations(within: EntityManager): Promise<void> {
  await within.query('SELECT pg_advisory_xact_lock($1)', [ROTATION_LOCK]);
}

function isCurrent({ createdAt, retiredAt }: SigningKeyEntity): boolean {
  // Never null in the table: where it cannot be read, neither can the other, and a retired key would sign again.
  readInstant(createdAt, 'signing_keys.created_at');
  return readInstantOrNull(retiredAt, 'signing_keys.retired_at') === null;
}
