import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { DocumentClients } from './document-clients.js';
import { GrantUsage } from './grant-usage.js';
import { OAuthConsentEntity } from './oauth-consent.entity.js';
import { OAuthGrantEntity } from './oauth-grant.entity.js';

/** A grant with its client, for people to see. */
export interface ListedGrant {
  readonly grant: OAuthGrantEntity;
  readonly client: OAuthClient;
}

/** A page of them. It may have fewer than were asked for, though more follow. */
export interface GrantPage {
  readonly grants: readonly ListedGrant[];
  /** `after` of the next page; null after the last. */
  readonly next: string | null;
}

/** A consent with its client; null: that is gone, or not known at the moment. */
export interface ListedConsent {
  readonly consent: OAuthConsentEntity;
  readonly client: OAuthClient | null;
}

/** No list shows more clients unless it asks for them; those given the longest ago are left out. */
const MOST_CONSENTS = 100;

const PAGE = `
  SELECT id FROM coatcheck.oauth_grants
   WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ended_at IS NULL AND expires_at > $3
     AND global_epoch = (SELECT epoch FROM coatcheck.global_session_epoch)
   ORDER BY id DESC LIMIT $4`;

/** Lists what clients may do for a user, for the user and for admins. */
@Injectable()
export class GrantLists {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clients: OAuthClients,
    private readonly documents: DocumentClients,
    private readonly sessions: SessionResolver,
    private readonly usage: GrantUsage,
    private readonly clock: Clock,
  ) {}

  /** Grants in force, the latest first. @param after the id of the last grant of the page before, in lower case; null: the first page */
  async grantsOf(userId: string, after: string | null, limit: number): Promise<GrantPage> {
    await this.usage.flush();
    const ids: { id: string }[] = await this.dataSource.query(PAGE, [userId, after, this.clock.now(), limit + 1]);
    const shown = ids.slice(0, limit).map(({ id }) => id);
    const found = await this.dataSource.manager
      .createQueryBuilder(OAuthGrantEntity, 'g')
      .where('g.id = ANY (:shown)', { shown })
      .orderBy('g.id', 'DESC')
      .getMany();
    const inForce = await Promise.all(found.map((grant) => this.listed(grant)));
    return { grants: inForce.filter((one) => one !== null), next: ids.length > limit ? shown.at(-1)! : null };
  }

  /** The latest given first. */
  async consentsOf(userId: string, most = MOST_CONSENTS): Promise<ListedConsent[]> {
    const order = { givenAt: 'DESC', clientId: 'ASC' } as const;
    const options = { where: { userId }, order, take: most };
    const found = await this.dataSource.manager.find(OAuthConsentEntity, options);
    return Promise.all(found.map(async (consent) => ({ consent, client: await this.clientOf(consent.clientId) })));
  }

  /** Null for one whose client or session is over. */
  private async listed(grant: OAuthGrantEntity): Promise<ListedGrant | null> {
    const client = await this.clientOf(grant.clientId);
    if (client === null || client.isDisabled) return null;
    return grant.sessionId === null || (await this.isLive(grant.sessionId)) ? { grant, client } : null;
  }

  private async clientOf(clientId: string): Promise<OAuthClient | null> {
    return (await this.clients.find(clientId)) ?? this.documents.find(clientId);
  }

  /** By the view: that it is looked at is no use of it. */
  private async isLive(sessionId: string): Promise<boolean> {
    const session = await this.sessions.find(sessionId);
    if (session === null || session.endedAt !== null || session.isSuperseded) return false;
    const now = this.clock.now();
    return now < session.absoluteExpiresAt && now < session.idleExpiresAt;
  }
}
