import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Replier } from '../access/replier.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { prepared } from '../database/prepared.js';
import { Clock } from '../kernel/clock.js';
import { mintSecretToken } from '../kernel/secret-token.js';
import { UserStore, type UserTable } from '../users/user.store.js';
import { DeviceCookie } from './device-cookie.js';
import { MOST_PER_USER } from './device-list.js';
import { deviceOptions } from './device-options.js';
import { KnownDeviceEntity } from './known-device.entity.js';
import type { KnownDevice, PresentedDevice } from './known-devices.js';

/** A device that was seen a shorter time ago is not written again. */
const SEEN_EVERY_MS = 86_400_000;

/** A login that has succeeded, with all that is written down of its device. */
export interface DeviceLogin {
  readonly userId: string;
  /** By `LimitKeys.email`. */
  readonly emailHash: string;
  /** The user's, when the login began: in any other by now, nothing is written down. */
  readonly sessionEpoch: number;
  /** As `SessionEpochs.globalEpoch`, when the login began: a device of one that was overtaken by the end of everything is unknown. */
  readonly globalEpoch: number;
  /** The one that was recognised in the request, if it was. */
  readonly known: KnownDevice | null;
  /** Whether the client keeps cookies; otherwise it is given the token in the reply, to send at its next login. */
  readonly keepsCookies: boolean;
  /** As sent; null when absent. */
  readonly userAgent: string | null;
  /** The device that the request presented, also when it is no longer known. */
  readonly presented: PresentedDevice | null;
  /** For how long the user wishes not to be asked for a second factor here; 0: no such wish. */
  readonly rememberSeconds: number;
}

/** A device once it is written down. */
export interface NotedDevice {
  /** Whether it is new to a user who has ever logged in from another. */
  readonly isNew: boolean;
  /** For the reply's body; null: it travels in a cookie. */
  readonly token: string | null;
}

type NewDevice = DeviceLogin & { readonly id: string; readonly secretHash: string };

/** The number of devices before; null: the user's epoch has ended, and nothing was noted. */
type Noted = { readonly before: number; readonly isSame: boolean } | null;

/**
 * Writes down the devices that users log in from, which are known from then on. What ends the devices of a user has locked them: it comes before, and their epoch has moved;
 * or it waits, and ends this one too.
 */
@Injectable()
export class DeviceNotes {
  private readonly lifeSeconds: number;
  private insertion: { readonly inOne: boolean; readonly sql: string } | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly cookie: DeviceCookie,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.lifeSeconds = options.of(deviceOptions).knownDeviceSeconds;
  }

  /** Writes down the device of a login. @returns null when that login is over: all sessions of its user have ended since it began */
  async note(login: DeviceLogin, replier: Replier): Promise<NotedDevice | null> {
    const { userId, known, keepsCookies } = login;
    if (known?.userId === userId && (await this.seeAgain(known, login, replier))) {
      // What came in a cookie stays where no script can read it.
      return { isNew: false, token: known.carrier === 'body' && !keepsCookies ? known.token : null };
    }
    const { id, token, secretHash } = mintSecretToken();
    const noted = await this.noteNew({ ...login, id, secretHash });
    if (!noted) return null;
    const { before, isSame } = noted;
    if (before >= MOST_PER_USER) await this.forgetOldest(userId);
    if (keepsCookies) this.cookie.set(token, replier);
    return { isNew: before > 0 && !isSame, token: keepsCookies ? null : token };
  }

  /** One statement where the users are in our database; else the store locks them. */
  private noteNew(device: NewDevice): Promise<Noted> {
    this.insertion ??= insertionFor(this.users.table, this.dataSource);
    const { inOne, sql } = this.insertion;
    if (inOne) return this.insert(sql, device, this.dataSource.manager);
    return this.dataSource.transaction(async (tx) => {
      const user = await this.users.find(device.userId, tx);
      return user?.sessionEpoch === device.sessionEpoch ? this.insert(sql, device, tx) : null;
    });
  }

  private async insert(sql: string, device: NewDevice, manager: EntityManager): Promise<Noted> {
    const { id, userId, secretHash, emailHash, sessionEpoch, globalEpoch, userAgent, presented } = device;
    const [noted] = await manager.query<({ isNoted: boolean } & NonNullable<Noted>)[]>(sql, [
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
      sessionEpoch,
    ]);
    return noted!.isNoted ? noted! : null;
  }

  private rememberedUntil({ rememberSeconds }: DeviceLogin): Date | null {
    return rememberSeconds > 0 ? this.clock.in(Math.min(rememberSeconds, this.lifeSeconds)) : null;
  }

  /** False when it was forgotten meanwhile. */
  private async seeAgain(device: KnownDevice, login: DeviceLogin, replier: Replier) {
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
    const { affected } = await this.dataSource.manager.update(KnownDeviceEntity, { id: device.id }, seen);
    if (affected === 1 && (device.carrier === 'cookie' || keepsCookies)) this.cookie.set(device.token, replier);
    return affected === 1;
  }

  private async forgetOldest(userId: string): Promise<void> {
    await this.dataSource.query(
      `WITH forgotten AS (
         DELETE FROM coatcheck.device_history WHERE id IN (
           SELECT id FROM coatcheck.device_history WHERE user_id = $1 ORDER BY created_at DESC, id OFFSET ${MOST_PER_USER}))
       DELETE FROM coatcheck.known_devices WHERE id IN (
         SELECT id FROM coatcheck.known_devices WHERE user_id = $1 ORDER BY last_seen_at DESC, id OFFSET ${MOST_PER_USER})`,
      [userId],
    );
  }
}

/**
 * The count is of rows that stood there before: a statement does not see what it inserts itself. The owner is locked against changes that end their epoch,
 * and looked at again if they had to be waited for.
 */
function insertionFor(users: UserTable | null, dataSource: DataSource) {
  const joined = users?.dataSource === dataSource ? users : null;
  const owner = joined
    ? `SELECT id FROM ${joined.name} WHERE id = $2 AND "${joined.columns.sessionEpoch}" = $12::integer FOR SHARE`
    : 'SELECT $2::uuid AS id WHERE $12::integer IS NOT NULL';
  const sql = prepared(`
    WITH owner AS (${owner}),
    noted AS (
      INSERT INTO coatcheck.device_history (id, user_id, secret_hash, created_at, expires_at)
      SELECT $1::uuid, id, $3::text, $4::timestamptz, $5::timestamptz FROM owner),
    known AS (
      INSERT INTO coatcheck.known_devices
        (id, user_id, email_hash, secret_hash, user_agent, remembered_until, epoch, created_at, last_seen_at, expires_at)
      SELECT $1::uuid, id, $8::text, $3::text, $9::text, $10::timestamptz, $11::integer, $4::timestamptz, $4::timestamptz,
             $5::timestamptz FROM owner)
    SELECT count(*)::integer AS before, EXISTS (SELECT FROM owner) AS "isNoted",
           coalesce(bool_or(id = $6::uuid AND secret_hash = $7::text AND expires_at > $4::timestamptz), false) AS "isSame"
      FROM coatcheck.device_history WHERE user_id = $2::uuid`);
  return { inOne: joined !== null, sql };
}
