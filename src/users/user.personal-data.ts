import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { PersonalData } from '../kernel/personal-data.js';
import { EmailChangeEntity } from './email-change.entity.js';
import { UserStore } from './user.store.js';

/** The record of the user, the declared fields included. */
@Injectable()
export class UserPersonalData extends PersonalData {
  readonly name = 'user';

  constructor(private readonly users: UserStore) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    const user = await this.users.find(userId);
    if (!user) return;
    const { id, kind, email, emailVerifiedAt, firstVerifiedAt, name, roles, fields, createdAt, bannedAt, language } =
      user;
    yield [
      {
        id,
        kind,
        email,
        emailVerifiedAt,
        firstVerifiedAt,
        name,
        roles,
        fields: fields ?? {},
        createdAt,
        bannedAt,
        language: language ?? null,
      },
    ];
  }
}

const TOGETHER = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Requested and made changes of the address. */
@Injectable()
export class EmailChangePersonalData extends PersonalData {
  readonly name = 'emailChanges';

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    const changes = this.dataSource.getRepository(EmailChangeEntity);
    for (let after = FIRST_ID; ; ) {
      const where = { userId, id: MoreThan(after) };
      const found = await changes.find({ where, order: { id: 'ASC' }, take: TOGETHER });
      yield found.map(({ oldEmail, newEmail, requestedAt, madeAt, isByAdmin }) => {
        return { oldEmail, newEmail, requestedAt, madeAt, byAdmin: isByAdmin };
      });
      if (found.length < TOGETHER) return;
      after = found.at(-1)!.id;
    }
  }
}
