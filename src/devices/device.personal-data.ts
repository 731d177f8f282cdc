import { Injectable } from '@nestjs/common';
import { PersonalData } from '../kernel/personal-data.js';
import { DeviceList } from './device-list.js';

/** Browsers that the user has logged in from, as far as they are still known. */
@Injectable()
export class DevicePersonalData extends PersonalData {
  readonly name = 'devices';

  constructor(private readonly devices: DeviceList) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    const found = await this.devices.listOf(userId);
    yield found.map(({ id, userAgent, createdAt, lastSeenAt, rememberedUntil, expiresAt }) => {
      return { id, userAgent, createdAt, lastSeenAt, rememberedUntil, expiresAt };
    });
  }

  override async countEnding(userId: string): Promise<number> {
    return (await this.devices.listOf(userId)).length;
  }
}
