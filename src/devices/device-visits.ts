import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Exchange } from '../access/replier.js';
import type { RequestOrigin } from '../access/request-origin.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { AuthUser } from '../kernel/auth-context.js';
import { Clock } from '../kernel/clock.js';
import { LimitKeys } from '../limits/limit-keys.js';
import { limitOptions } from '../limits/limit-options.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { causedBy } from '../mail/mail-cause.js';
import { SecurityNotifications } from '../security/security-notifications.js';
import { deviceName } from '../sessions/device-name.js';
import { requireEmail } from '../users/require-email.js';
import { UserStore } from '../users/user.store.js';
import { DeviceNotes } from './device-notes.js';
import { deviceOptions } from './device-options.js';
import { type KnownDevice, KnownDevices } from './known-devices.js';

/** A login that has succeeded, as `LoginService` tells of it. */
export interface DeviceVisit {
  readonly user: AuthUser;
  /** The user's, when the login began. */
  readonly sessionEpoch: number;
  /** As `SessionEpochs.globalEpoch`, when the login began. */
  readonly globalEpoch: number;
  readonly device: KnownDevice | null;
  /** Whether the client keeps cookies; otherwise it is given the device's token in the reply. */
  readonly keepsCookies: boolean;
  /** For how long no second factor shall be asked for here; 0: as before. */
  readonly rememberSeconds: number;
  /** The token sent by a client that stores it itself; null: none. */
  readonly deviceToken: string | null;
}

/** After a login: has its device written down, and its user told when that is somewhere new. */
@Injectable()
export class DeviceVisits {
  private readonly logger = new Logger('devices');
  private readonly isTold: boolean;
  private readonly most: { readonly limit: number; readonly windowSeconds: number };

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly devices: KnownDevices,
    private readonly notes: DeviceNotes,
    private readonly keys: LimitKeys,
    private readonly limiter: RateLimiter,
    private readonly notifications: SecurityNotifications,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { loginAttempts, loginWindowSeconds } = options.of(limitOptions);
    this.most = { limit: loginAttempts, windowSeconds: loginWindowSeconds };
    this.isTold = options.of(deviceOptions).newDeviceNotice;
  }

  /**
   * Never fails: the login it follows has succeeded.
   *
   * @returns the device's token, for a client that keeps no cookies; null: it travels in a cookie, or the device was not written down
   */
  async writeDown(visit: DeviceVisit, { caller, replier }: Exchange): Promise<string | null> {
    const { user, device: known, deviceToken, ...wished } = visit;
    const of = { userId: user.id, emailHash: this.keys.email(requireEmail(user)), known };
    const presented = this.devices.presentedBy(caller, deviceToken);
    const login = { presented, userAgent: caller.userAgent, ...wished, ...of };
    try {
      const noted = await this.notes.note(login, replier);
      if (noted?.isNew && this.isTold && (await this.isDue(user.id))) await this.tell(user, caller);
      return noted?.token ?? null;
    } catch (error) {
      this.logger.warn(`a device could not be written down: ${error instanceof Error ? error.name : 'unknown error'}`);
      return null;
    }
  }

  /** A program that keeps neither cookies nor its device's token is new each time. */
  private async isDue(userId: string): Promise<boolean> {
    const { admitted } = await this.limiter.take([{ key: `new-device-notice:${userId}`, ...this.most }]);
    return admitted;
  }

  /** Where the account is by now: a link to a mailbox that it has left since its login began would be one that nothing has ended. */
  private tell({ id }: AuthUser, origin: RequestOrigin): Promise<void> {
    const values = { at: this.clock.now().toISOString(), device: deviceName(origin.userAgent) };
    return this.dataSource.transaction(async (tx) => {
      causedBy(origin, tx);
      const user = await this.users.find(id, tx);
      if (user) await this.notifications.sendWayIn('new-device', user, values, { within: tx });
    });
  }
}
