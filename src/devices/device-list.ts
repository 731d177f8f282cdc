import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { DeviceHistoryEntity } from './device-history.entity.js';
import { KnownDeviceEntity } from './known-device.entity.js';

/** Logins by clients that keep nothing make a new one each: the oldest go. */
export const MOST_PER_USER = 50;

/** The devices of a user, as they see them. */
@Injectable()
export class DeviceList {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

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
}
