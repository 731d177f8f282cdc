import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { Cookies } from '../access/cookies.js';
import type { Replier } from '../access/replier.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { prepared } from '../database/prepared.js';
import { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { hashSecret, mintSecretToken, parseSecretToken, secretMatches } from '../kernel/secret-token.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { UserStore, type UserTable } from '../users/user.store.js';
import { DeviceHistoryEntity } from './device-history.entity.js';
import { deviceOptions } from './device-options.js';
import { KnownDeviceEntity } from './known-device.entity.js';

/** Logins by clients that keep nothing make a new one each: the oldest go. */
const MOST_PER_USER = 50;

/** A device that was seen a shorter time ago is not written again. */
const SEEN_EVERY_MS = 86_400_000;

/** A device that a request proves to come from. */
export interface KnownDevice {
  readonly id: string;
  readonly userId: string;
  readonly emailHash: string;
  readonly lastSeenAt: Date;
  /** Until when its user is not asked for a second factor here; null: always asked. */
  readonly rememberedUntil: Date | null;
  /** `<id>.<secret>`. */
  readonly token: string;
  /** What brought the token: a cookie, which no reply may show, or the request's body. */
  readonly carrier: 'cookie' | 'body';
}

/** What a cookie says which device this is. */
export interface PresentedDevice {
  readonly id: string;
  readonly secretHash: string;
}

/** A login that has succeeded. */
export interface DeviceLogin {
  readonly userId: string;
  /** By `LimitKeys.email`. */
  readonly emailHash: string;
  /** As `SessionEpochs.globalEpoch`, when the login began: a device of one that was overtaken by the end of everything is unknown. */
  readonly globalEpoch: number;
  /** The one that was recognised in the request, if it was. */
  readonly known: KnownDevice | null;
  /** Whether the client keeps cookies; otherwise it is given the token in the reply, to send at its next login. */
  readonly keepsCookies: boolean;
  /** As sent; null when absent. */
  readonly userAgent: string | null;
  /** What the request said, also when that is not known any more. */
  readonly presented: PresentedDevice | null;
  /** For how long the user wishes not to be asked for a second factor here; 0: no such wish. */
  readonly rememberSeconds: number;
}

/** A device once its login is remembered. */
export interface RememberedDevice {
  /** Whether it is new to a user who has ever logged in from another. */
  readonly isNew: boolean;
  /** For the reply's body; null: it travels in a cookie. */
  readonly token: string | null;
}

/** The devices each user has logged in from, by a token that opens nothing: in a cookie, or kept by the client itself. */
@Injectable()
export class KnownDevices {
  private readonly cookieName: string;
  private readonly lifeSeconds: number;
  private lookup: string | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly keys: LimitKeys,
    private readonly clock: Clock,
    cookies: Cookies,
    options: Options,
  ) {
    this.cookieName = cookies.hostName('device');
    this.lifeSeconds = options.of(deviceOptions).knownDeviceSeconds;
  }

  /**
   * The device a caller proves to come from; null without a look-up when it brings no such token, or several. Only for the user who has
   * the address now that the device was last logged in with: nobody keeps a budget of their own at an address they have left.
   *
   * @param given in the request's body, by a client that keeps it itself
   * @param email only if its last login was with this address; null: with whichever
   * @throws AuthError `internal_error` when an instant of the device cannot be read
   */
  async recognise(caller: Caller, given: string | null, email: string | null = null): Promise<KnownDevice | null> {
    const [value, ...others] = this.tokensOf(caller, given);
    const parsed = others.length === 0 ? parseSecretToken(value) : null;
    if (!value || !parsed) return null;
    const found = await this.find(parsed.id);
    const isGenuine = secretMatches(parsed.secret, found?.secretHash ?? null);
    const carrier = given === null ? 'cookie' : 'body';
    if (!found || !isGenuine) return null;
    const { email: current, ...device } = found;
    // An address that its user has left, in whatever way, is somebody else's by now.
    if (current === null || device.emailHash !== this.keys.email(current)) return null;
    const expiresAt = readInstant(device.expiresAt, 'known_devices.expires_at');
    const lastSeenAt = readInstant(device.lastSeenAt, 'known_devices.last_seen_at');
    const rememberedUntil = readInstantOrNull(device.rememberedUntil, 'known_devices.remembered_until');
    const isOfAnother = email !== null && device.emailHash !== this.keys.email(email);
    if (isOfAnother || expiresAt <= this.clock.now()) return null;
    return { ...device, lastSeenAt, rememberedUntil, token: value, carrier };
  }

  /** Null for no such device, or one of an epoch that is over. In one statement where the users are in our database. */
  private async find(id: string): Promise<(KnownDeviceEntity & { readonly email: string | null }) | null> {
    this.lookup ??= lookupOf(this.users.table, this.dataSource);
    const [device] = await this.dataSource.query(this.lookup, [id]);
    if (!device || 'email' in device) return device ?? null;
    return { ...device, email: (await this.users.find(device.userId))?.email ?? null };
  }

  /** What a caller says which device this is, whether or not that is known any more; null when it says nothing. */
  presentedBy(caller: Caller, given: string | null): PresentedDevice | null {
    const [value, ...others] = this.tokensOf(caller, given);
    const parsed = others.length === 0 ? parseSecretToken(value) : null;
    return parsed && { id: parsed.id, secretHash: hashSecret(parsed.secret) };
  }

  private tokensOf(caller: Caller, given: string | null): readonly string[] {
    const inCookies = caller.cookies(this.cookieName);
    return given === null ? inCookies : [...inCookies, given];
  }

  /** Remembers the device of a login. */
  async remember(login: DeviceLogin, replier: Replier, within?: EntityManager): Promise<RememberedDevice> {
    const { userId, known, keepsCookies } = login;
    const manager = within ?? this.dataSource.manager;
    if (known?.userId === userId && (await this.seeAgain(known, login, replier, manager))) {
      // What came in a cookie stays where no script can read it.
      return { isNew: false, token: known.carrier === 'body' && !keepsCookies ? known.token : null };
    }
    const { id, token, secretHash } = mintSecretToken();
    const { before, isSame } = await this.insert({ ...login, id, secretHash }, manager);
    if (before >= MOST_PER_USER) await this.forgetOldest(userId, manager);
    if (keepsCookies) this.setCookie(token, replier);
    return { isNew: before > 0 && !isSame, token: keepsCookies ? null : token };
  }

  /** One statement. Answers how many the user had ever logged in from, and whether the one that was presented is among them. */
  private async insert(
    device: DeviceLogin & { readonly id: string; readonly secretHash: string },
    manager: EntityManager,
  ): Promise<{ before: number; isSame: boolean }> {
    const { id, userId, secretHash, emailHash, globalEpoch, userAgent, presented } = device;
    const [noted]: { before: number; isSame: boolean }[] = await manager.query(INSERT, [
      id,
      userId,
      secretHash,
      this.clock.now(),
      this.clock.in(this.lifeSeconds),
      presented?.id ?? null,
      presented?.secretHash ?? null,
      emailHash,
      userAgent?.slice(0, 512) ?? null,
      this.rememberedUntil(device),
      globalEpoch,
    ]);
    return noted!;
  }

  /** Whether the user of that id has proven a second factor on this device, and wished not to be asked for one again. */
  isRemembered(device: KnownDevice | null, userId: string): boolean {
    const until = device?.userId === userId ? device.rememberedUntil : null;
    return until !== null && this.clock.now() < until;
  }

  private rememberedUntil({ rememberSeconds }: DeviceLogin): Date | null {
    return rememberSeconds > 0 ? this.clock.in(Math.min(rememberSeconds, this.lifeSeconds)) : null;
  }

  /** False when it was forgotten meanwhile. */
  private async seeAgain(device: KnownDevice, login: DeviceLogin, replier: Replier, manager: EntityManager) {
    const { emailHash, userAgent, rememberSeconds, keepsCookies } = login;
    const now = this.clock.now();
    const isRecent = now.getTime() - device.lastSeenAt.getTime() < SEEN_EVERY_MS;
    const staysPut = device.carrier === 'cookie' || !keepsCookies;
    if (isRecent && staysPut && device.emailHash === emailHash && rememberSeconds === 0) return true;
    const told = {
      userAgent: userAgent?.slice(0, 512) ?? null,
      rememberedUntil: this.rememberedUntil(login) ?? undefined,
    };
    const seen = { emailHash, lastSeenAt: now, expiresAt: this.clock.in(this.lifeSeconds), ...told };
    const { affected } = await manager.update(KnownDeviceEntity, { id: device.id }, seen);
    if (affected === 1 && (device.carrier === 'cookie' || keepsCookies)) this.setCookie(device.token, replier);
    return affected === 1;
  }

  /** All that a user has, the latest seen first; nothing of their secrets. */
  listOf(userId: string): Promise<KnownDeviceEntity[]> {
    const expiresAt = MoreThan(this.clock.now());
    return this.dataSource.manager.find(KnownDeviceEntity, {
      where: { userId, expiresAt },
      order: { lastSeenAt: 'DESC', id: 'DESC' },
      take: MOST_PER_USER,
    });
  }

  /** Makes one of the user's devices unknown again. False when there is none of that id. */
  async forget(userId: string, id: string): Promise<boolean> {
    const { affected } = await this.dataSource.manager.delete(KnownDeviceEntity, { userId, id });
    if (affected === 1) await this.dataSource.manager.delete(DeviceHistoryEntity, { userId, id });
    return affected === 1;
  }

  /** Every device is unknown again: when the password was changed or reset (P-11). */
  async forgetAll(userId: string, within?: EntityManager): Promise<void> {
    await (within ?? this.dataSource.manager).delete(KnownDeviceEntity, { userId });
  }

  private setCookie(value: string, replier: Replier): void {
    replier.setCookie({ name: this.cookieName, value, path: '/', maxAgeSeconds: this.lifeSeconds });
  }

  private async forgetOldest(userId: string, manager: EntityManager): Promise<void> {
    await manager.query(
      `WITH forgotten AS (
         DELETE FROM coatcheck.device_history WHERE id IN (
           SELECT id FROM coatcheck.device_history WHERE user_id = $1 ORDER BY created_at DESC, id OFFSET ${MOST_PER_USER}))
       DELETE FROM coatcheck.known_devices WHERE id IN (
         SELECT id FROM coatcheck.known_devices WHERE user_id = $1 ORDER BY last_seen_at DESC, id OFFSET ${MOST_PER_USER})`,
      [userId],
    );
  }
}

/** By hand, as all that every login looks up. */
function lookupOf(users: UserTable | null, dataSource: DataSource): string {
  const joined = users?.dataSource === dataSource ? users : null;
  const email = joined ? `, u."${joined.columns.email}" AS email` : '';
  const join = joined ? `LEFT JOIN ${joined.name} u ON u.id = d.user_id` : '';
  return prepared(`
    SELECT d.id, d.user_id AS "userId", d.email_hash AS "emailHash", d.secret_hash AS "secretHash",
           d.last_seen_at AS "lastSeenAt", d.expires_at AS "expiresAt", d.remembered_until AS "rememberedUntil"${email}
      FROM coatcheck.known_devices d ${join} WHERE d.id = $1 AND d.epoch = (SELECT epoch FROM coatcheck.session_epoch)`);
}

/** What is counted stood there before: a statement does not see what it inserts itself. */
const INSERT = prepared(`
  WITH noted AS (
    INSERT INTO coatcheck.device_history (id, user_id, secret_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)),
  known AS (
    INSERT INTO coatcheck.known_devices
      (id, user_id, email_hash, secret_hash, user_agent, remembered_until, epoch, created_at, last_seen_at, expires_at)
    VALUES ($1, $2, $8, $3, $9, $10, $11, $4, $4, $5))
  SELECT count(*)::integer AS before,
         coalesce(bool_or(id = $6::uuid AND secret_hash = $7::text AND expires_at > $4::timestamptz), false) AS "isSame"
    FROM coatcheck.device_history WHERE user_id = $2`);
