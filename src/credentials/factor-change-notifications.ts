import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { Clock } from '../kernel/clock.js';
import { causedBy } from '../mail/mail-cause.js';
import { SecurityNotifications } from '../security/security-notifications.js';
import { deviceName } from '../sessions/device-name.js';
import type { UserRecord } from '../users/user.store.js';
import type { FactorChange } from './credential-mail-templates.js';

/** Tells users what has changed of their ways to sign in. */
@Injectable()
export class FactorChangeNotifications {
  constructor(
    private readonly notifications: SecurityNotifications,
    private readonly clock: Clock,
  ) {}

  /**
   * With a link that takes it back.
   *
   * @param within the transaction of the change
   * @param since when it came about; default: now
   */
  send(
    user: UserRecord,
    change: FactorChange,
    origin: RequestOrigin | null,
    within: EntityManager,
    since?: Date,
  ): Promise<void> {
    const values = {
      change,
      left: null,
      at: this.clock.now().toISOString(),
      device: deviceName(origin?.userAgent ?? null),
    };
    causedBy(origin, within);
    return this.notifications.sendWayIn('factor-notice', user, values, { since, within });
  }
}
