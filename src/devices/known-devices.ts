import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../access/caller.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { prepared } from '../database/prepared.js';
import { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import { hashSecret, secretMatches } from '../kernel/secret-token.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { UserStore, type UserTable } from '../users/user.store.js';
import { type DeviceClaim, DeviceCookie } from './device-cookie.js';
import type { KnownDeviceEntity } from './known-device.entity.js';

/** A device that a request proves to come from. */
export interface KnownDevice extends Pick<DeviceClaim, 'token' | 'carrier'> {
  readonly id: string;
  readonly userId: string;
  readonly emailHash: string;
  readonly lastSeenAt: Date;
  /** Until when its user is not asked for a second factor here; null: always asked. */
  readonly rememberedUntil: Date | null;
}

/** A device as a request presents it. */
export interface PresentedDevice {
  readonly id: string;
  readonly secretHash: string;
}

/** Recognises the devices that users have logged in from (`DeviceNotes`), by a token that opens nothing. */
@Injectable()
export class KnownDevices {
  private lookup: string | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly keys: LimitKeys,
    private readonly cookie: DeviceCookie,
    private readonly clock: Clock,
  ) {}

  /**
   * The device a caller proves to come from; null without a look-up when it brings no such token, or several. Only for the user who has
   * the address now that the device was last logged in with: no user keeps a budget of their own at an address they have left.
   *
   * @param given in the request's body, by a client that keeps it itself
   * @param email only if its last login was with this address; null: with whichever
   * @throws AuthError `internal_error` when an instant of the device cannot be read
   */
  async recognise(caller: Caller, given: string | null, email: string | null = null): Promise<KnownDevice | null> {
    const claim = this.cookie.claimOf(caller, given);
    if (!claim) return null;
    const { token, parsed, carrier } = claim;
    const found = await this.find(parsed.id);
    const isGenuine = secretMatches(parsed.secret, found?.secretHash ?? null);
    if (!found || !isGenuine) return null;
    const { email: current, ...device } = found;
    // An address that its user has left, in whatever way, is another user's by now.
    if (current === null || device.emailHash !== this.keys.email(current)) return null;
    const expiresAt = readInstant(device.expiresAt, 'known_devices.expires_at');
    const lastSeenAt = readInstant(device.lastSeenAt, 'known_devices.last_seen_at');
    const rememberedUntil = readInstantOrNull(device.rememberedUntil, 'known_devices.remembered_until');
    const isOfAnother = email !== null && email !== current && device.emailHash !== this.keys.email(email);
    if (isOfAnother || expiresAt <= this.clock.now()) return null;
    return { token, carrier, ...device, lastSeenAt, rememberedUntil };
  }

  /** The device that a caller presents, whether or not it is still known; null without one. */
  presentedBy(caller: Caller, given: string | null): PresentedDevice | null {
    const claim = this.cookie.claimOf(caller, given);
    return claim && { id: claim.parsed.id, secretHash: hashSecret(claim.parsed.secret) };
  }

  /** Whether the user of that id has proven a second factor on this device, and wished not to be asked for one again. */
  isRemembered(device: KnownDevice | null, userId: string): boolean {
    const until = device?.userId === userId ? device.rememberedUntil : null;
    return until !== null && this.clock.now() < until;
  }

  /** Null for no such device, or one of an epoch that is over. In one statement where the users are in our database. */
  private async find(id: string): Promise<(KnownDeviceEntity & { readonly email: string | null }) | null> {
    this.lookup ??= lookupOf(this.users.table, this.dataSource);
    const [device] = await this.dataSource.query(this.lookup, [id]);
    if (!device || 'email' in device) return device ?? null;
    return { ...device, email: (await this.users.find(device.userId))?.email ?? null };
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
      FROM coatcheck.known_devices d ${join} WHERE d.id = $1 AND d.epoch = (SELECT epoch FROM coatcheck.global_session_epoch)`);
}
