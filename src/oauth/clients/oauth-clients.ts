import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { secretMatches } from '../../kernel/secret-token.js';
import { type CredentialView, CredentialViews } from '../../revocation/credential-view.js';
import { UserStore } from '../../users/user.store.js';
import { type ClientSnapshot, ClientSnapshots } from './client-snapshots.js';
import { ClientUsage } from './client-usage.js';
import type { OAuthClient } from './oauth-client.js';

/** More clients than that in use on a node, and the longest known is asked for again. */
const VIEW_SIZE = 20_000;

class NoSuchClient extends Error {}

/** Which clients there are, at this moment: from this node's view, or as one look found them. Those of metadata documents are not among them. */
@Injectable()
export class OAuthClients implements BeforeApplicationShutdown {
  /** How many looks it took. */
  readonly tally = { asked: 0, loaded: 0 };
  private readonly view: CredentialView<ClientSnapshot>;

  constructor(
    views: CredentialViews,
    users: UserStore,
    private readonly snapshots: ClientSnapshots,
    private readonly usage: ClientUsage,
    private readonly clock: Clock,
  ) {
    this.view = views.createView(VIEW_SIZE, users.announces);
  }

  /**
   * Null when there is no such client; a disabled one says so. Answers without a promise when this node knows it for certain.
   * What cannot be the id of a client is null without a look.
   */
  find(id: string): OAuthClient | null | Promise<OAuthClient | null> {
    const known = this.view.peek(id);
    if (known === undefined && !this.snapshots.canBeClient(id)) return null;
    this.tally.asked += 1;
    return known?.client ?? this.load(id);
  }

  /** Whether the client proves itself by this secret; in constant time. False for one that has none, or is disabled. */
  isSecretRight(client: OAuthClient, secret: string): boolean {
    const now = this.clock.now();
    let isRight = false;
    for (const { hash, until } of client.secretHashes) {
      // Both are compared, whichever is right.
      const matches = secretMatches(secret, hash);
      isRight = (matches && (until === null || now < until)) || isRight;
    }
    return isRight && !client.isDisabled;
  }

  /** Notes that it was issued a token; written behind, at most once an hour. Of what left the view meanwhile nothing is noted: no look is worth it. */
  used(id: string): void {
    const client = this.view.peek(id)?.client;
    if (client?.origin === 'admin' || client?.origin === 'registered') this.usage.record(client.id, this.clock.now());
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.usage.end();
  }

  private async load(id: string): Promise<OAuthClient | null> {
    this.tally.loaded += 1;
    try {
      const { client } = await this.view.load(id, async () => {
        const found = await this.snapshots.load(id);
        if (!found) throw new NoSuchClient();
        return found;
      });
      return client;
    } catch (error) {
      if (error instanceof NoSuchClient) return null;
      throw error;
    }
  }
}
