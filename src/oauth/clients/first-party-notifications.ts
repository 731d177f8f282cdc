import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { Notifications } from '../../mail/notifications.js';
import { UserDirectory } from '../../users/user-directory.js';
import type { OAuthClientEntity } from './oauth-client.entity.js';

const MOST_SHOWN = 5;

/**
 * Tells all admins, the acting one too, that a client signs users in without asking: a thief who has taken over one admin could else have every user, and
 * every other admin, sign in to an application of theirs, unseen.
 */
@Injectable()
export class FirstPartyNotifications {
  constructor(
    private readonly directory: UserDirectory,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  /**
   * Nothing unless what the client is now is more than it was.
   *
   * @param before null: it is new
   * @param tx the transaction of the change
   */
  async send(
    before: OAuthClientEntity | null,
    after: OAuthClientEntity,
    actorId: string | null,
    tx: EntityManager,
  ): Promise<void> {
    const known = before?.firstParty ? redirectsOf(before) : [];
    const added = redirectsOf(after).filter((uri) => !known.includes(uri));
    if (!after.firstParty || added.length === 0) return;
    const now = this.clock.now();
    const readers = await this.directory.listAdmins(now, tx);
    const by = readers.find(({ id }) => id === actorId)?.email ?? null;
    const hosts = [...new Set(added.map(hostOf))];
    const shown = hosts.length > MOST_SHOWN ? [...hosts.slice(0, MOST_SHOWN), '…'] : hosts;
    const values = { at: now.toISOString(), name: after.name, hosts: shown.join(', '), by };
    for (const reader of readers) await this.notifications.send('first-party-client', reader, values, tx);
  }
}

function redirectsOf({ metadata }: OAuthClientEntity): readonly string[] {
  return (metadata.redirect_uris ?? []) as readonly string[];
}

/** Of a scheme of an application's own: the scheme. */
function hostOf(uri: string): string {
  const { host, protocol } = new URL(uri);
  return /^https?:$/.test(protocol) ? host : protocol;
}
