import { Inject, Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { PersonalData } from '../../kernel/personal-data.js';
import { scopesIn } from './grant-payload.js';
import { GrantUsage } from './grant-usage.js';
import { OAuthConsentEntity } from './oauth-consent.entity.js';
import { OAuthGrantEntity } from './oauth-grant.entity.js';

const TOGETHER = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The access of clients, ended grants included while they are kept. */
@Injectable()
export class OAuthGrantPersonalData extends PersonalData {
  readonly name = 'oauthGrants';

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly usage: GrantUsage,
    private readonly clock: Clock,
  ) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    await this.usage.flush();
    for (let after = FIRST_ID; ; ) {
      const where = { userId, id: MoreThan(after) };
      const options = { where, order: { id: 'ASC' }, take: TOGETHER } as const;
      const grants = await this.dataSource.manager.find(OAuthGrantEntity, options);
      yield grants.map(exported);
      if (grants.length < TOGETHER) return;
      after = grants.at(-1)!.id;
    }
  }

  /** Clients that go on by themselves; the others end with their sessions, which are counted. */
  override async countEnding(userId: string): Promise<number> {
    const [{ count }] = await this.dataSource.query(
      `SELECT count(DISTINCT client_id)::integer AS count FROM coatcheck.oauth_grants
        WHERE user_id = $1 AND session_id IS NULL AND ended_at IS NULL AND expires_at > $2
          AND global_epoch = (SELECT epoch FROM coatcheck.global_session_epoch)`,
      [userId, this.clock.now()],
    );
    return count;
  }
}

/** The consents of a user. */
@Injectable()
export class OAuthConsentPersonalData extends PersonalData {
  readonly name = 'oauthConsents';

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    for (let after = ''; ; ) {
      const options = {
        where: { userId, clientId: MoreThan(after) },
        order: { clientId: 'ASC' },
        take: TOGETHER,
      } as const;
      const consents = await this.dataSource.manager.find(OAuthConsentEntity, options);
      yield consents.map(({ clientId, scopes, givenAt }) => ({ clientId, scopes, givenAt }));
      if (consents.length < TOGETHER) return;
      after = consents.at(-1)!.clientId;
    }
  }
}

function exported({ id, clientId, payload, ...grant }: OAuthGrantEntity): object {
  const { createdAt, lastUsedAt, expiresAt, endedAt, endReason } = grant;
  const offline = grant.sessionId === null;
  return { id, clientId, scopes: scopesIn(payload), offline, createdAt, lastUsedAt, expiresAt, endedAt, endReason };
}
