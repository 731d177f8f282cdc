import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type DataSource, type EntityManager, IsNull, type Repository } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { SecretKey } from '../kernel/secret-key.js';
import { SIGNING_NEEDS, type SigningNeed } from '../kernel/signing-need.js';
import type { Announcement } from '../revocation/revocation-feed.js';
import { Revocations } from '../revocation/revocations.js';
import { areKeysNeeded, keysOptions } from './keys-options.js';
import { KEYS_CHANGED, KnownKeys } from './known-keys.js';
import { SealedSigningKeys } from './sealed-signing-keys.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { type JwtAlgorithm, type KeyRotator, type PublicJwk, type SigningKey, SigningKeys } from './signing-keys.js';
import { type StoredKeys, StoredSigningKeys } from './stored-signing-keys.js';

/** A node that heard nothing of a rotation signs with the older key for so long at most; its tokens must be good elsewhere. */
const REREAD_SECONDS = 30;
const MARGIN_SECONDS = 4 * REREAD_SECONDS;

interface OpenedKeys {
  readonly accepted: readonly SigningKey[];
  readonly signing: readonly SigningKey[];
  readonly retired: readonly PublicJwk[];
}

/**
 * The keys in the table `signing_keys`; the first node ever to start makes the first ones. A rotation by another node is
 * noticed when a token of the new key arrives, or half a minute later.
 */
@Injectable()
export class TypeormSigningKeys extends SigningKeys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly table: Repository<SigningKeyEntity>;
  private readonly sealed: SealedSigningKeys;
  private readonly stored: StoredSigningKeys;
  private opened: OpenedKeys = { accepted: [], signing: [], retired: [] };
  /** Of what is opened. */
  private fingerprint = '';
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
    known.readBy(() => this.reread());
    this.table = dataSource.getRepository(SigningKeyEntity);
    this.sealed = new SealedSigningKeys(secretKey.deriveAll('signing-keys'));
    const { jwtAlgorithm } = options.of(keysOptions);
    this.stored = new StoredSigningKeys(this.table, clock, jwtAlgorithm, needs, MARGIN_SECONDS);
  }

  /** @throws ConfigurationError when the secret key is not the one the stored keys are encrypted under */
  async onApplicationBootstrap(): Promise<void> {
    if (!areKeysNeeded(this.options)) return;
    const rows = await this.complete();
    await this.open(rows);
    await this.renew([...rows.accepted, ...rows.remembered]);
    this.timer = setInterval(() => void this.known.reread().catch(() => undefined), REREAD_SECONDS * 1000).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  override async refresh(): Promise<void> {
    if (this.opened.accepted.length > 0) await this.known.reread();
  }

  override certain(): Promise<unknown> | null {
    return this.opened.accepted.length > 0 ? this.known.certain() : null;
  }

  override rotate(by: KeyRotator): Promise<void> {
    return this.replace(async (manager, next) => {
      const retiredAt = this.clock.now();
      for (const { kid, algorithm } of next) {
        await manager.update(SigningKeyEntity, { algorithm, retiredAt: IsNull() }, { retiredAt });
        await this.audit.record({ type: 'signing_key.rotated', kid, ...by }, manager);
      }
    });
  }

  override async withdraw(by: KeyRotator): Promise<void> {
    await this.replace(
      async (manager, [{ kid }]) => {
        // Of every algorithm: a node may still be configured for another.
        const { affected } = await manager.createQueryBuilder().delete().from(SigningKeyEntity).execute();
        await this.audit.record({ type: 'signing_key.withdrawn', kid, withdrawn: affected, ...by }, manager);
      },
      [KEYS_CHANGED],
    );
    await this.revocations.settle([KEYS_CHANGED]);
  }

  /** @param retireOthers retires or deletes them, before the new keys are written: of each algorithm one is current */
  private async replace(
    retireOthers: (manager: EntityManager, next: readonly [SigningKeyEntity, ...SigningKeyEntity[]]) => Promise<void>,
    announcements: readonly Announcement[] = [],
  ): Promise<void> {
    if (!areKeysNeeded(this.options)) throw new AuthError('conflict', { reason: 'nothing_is_signed' });
    const [first, ...others] = await this.fresh(this.stored.algorithms);
    await this.dataSource.transaction(async (manager) => {
      await lockRotations(manager);
      await retireOthers(manager, [first!, ...others]);
      await manager.insert(SigningKeyEntity, [first!, ...others]);
      if (announcements.length > 0) await this.revocations.announce(announcements, manager);
    });
    await this.known.reread();
  }

  current(): SigningKey {
    const [key] = this.opened.signing;
    if (!key)
      throw new TypeError('there is no signing key: the application has not started, or no strategy signs anything');
    return key;
  }

  accepted(): readonly SigningKey[] {
    return this.opened.accepted;
  }

  override signing(): readonly SigningKey[] {
    return this.opened.signing;
  }

  override retired(): readonly PublicJwk[] {
    return this.opened.retired;
  }

  /** As they are stored, with a current key of each algorithm: all may have been withdrawn by a node that is configured for others. */
  private async complete(): Promise<StoredKeys> {
    const found = await this.stored.read();
    if (found.missing.length === 0) return found;
    const rows = await this.fresh(found.missing);
    // Of any number of nodes starting at once the unique index lets one insert; all of them then read that one's key.
    await this.table.createQueryBuilder().insert().values(rows).orIgnore().execute();
    return this.stored.read();
  }

  private fresh(algorithms: readonly JwtAlgorithm[]): Promise<SigningKeyEntity[]> {
    return Promise.all(algorithms.map((algorithm) => this.sealed.fresh(algorithm, this.clock.now())));
  }

  /** How many are stored under a previous secret key: those that nothing reads any more count too. */
  async outdated(): Promise<number> {
    const rows = await this.table.find();
    return (await Promise.all(rows.map((row) => this.sealed.renewed(row)))).filter((renewed) => renewed !== null)
      .length;
  }

  /** How many that sign, if not here then on other nodes, no key of ours decrypts. */
  async unopened(): Promise<number> {
    const rows = await this.table.findBy({ retiredAt: IsNull() });
    return (await Promise.all(rows.map((row) => this.sealed.opens(row)))).filter((opens) => !opens).length;
  }

  /** Stores anew what was stored under a previous secret key. */
  private async renew(rows: readonly SigningKeyEntity[]): Promise<void> {
    for (const { kid, privateJwkEncrypted, ...row } of rows) {
      const renewed = await this.sealed.renewed({ kid, privateJwkEncrypted, ...row });
      // Whichever node does it first: the content is the same.
      if (renewed !== null) await this.table.update({ kid, privateJwkEncrypted }, { privateJwkEncrypted: renewed });
    }
  }

  private async reread(): Promise<void> {
    await this.open(await this.complete());
  }

  /** Keeps the arrays while nothing has changed: what was verified by them stays known, and opening keys costs more than comparing names. */
  private async open(rows: StoredKeys): Promise<void> {
    const fingerprint = [...rows.accepted, null, ...rows.remembered].map((row) => row && nameOf(row)).join();
    if (fingerprint === this.fingerprint) return;
    const accepted = await this.sealed.open(rows.accepted);
    const signing = accepted.filter((_key, i) => rows.accepted[i]!.retiredAt === null);
    const former = accepted.filter((key) => !signing.includes(key));
    const remembered = await this.sealed.openSome(rows.remembered);
    this.opened = {
      accepted,
      signing,
      retired: [...former, ...remembered].flatMap(({ publicJwk }) => publicJwk ?? []),
    };
    this.fingerprint = fingerprint;
  }
}

function nameOf({ kid, retiredAt }: SigningKeyEntity): string {
  return retiredAt === null ? `${kid} signs` : kid;
}

/** Any number, the same in every process: `jwks` in ASCII. */
const ROTATION_LOCK = 0x6a776b73;

/** One at a time: of two at once the second must see, and retire, the key of the first. */
async function lockRotations(within: EntityManager): Promise<void> {
  await within.query('SELECT pg_advisory_xact_lock($1)', [ROTATION_LOCK]);
}
