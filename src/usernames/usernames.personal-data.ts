import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { PersonalData } from '../kernel/personal-data.js';
import { UsernameEntity } from './username.entity.js';

/** The username of the user, and those that were given up lately. */
@Injectable()
export class UsernamesPersonalData extends PersonalData {
  readonly name = 'usernames';

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    const found = await this.dataSource.manager.find(UsernameEntity, {
      where: { userId },
      order: { takenAt: 'DESC' },
      take: 500,
    });
    yield found.map(({ username, takenAt, releasedAt }) => ({ username, takenAt, releasedAt }));
  }
}
