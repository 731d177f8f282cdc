import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import type { Library } from './library.js';

/** A token about to be signed, as far as its claims go. */
interface SignedToken {
  readonly kind?: unknown;
  readonly grantId?: unknown;
  readonly clientId?: string | undefined;
  readonly aud?: unknown;
}

/** What our access tokens say beyond RFC 9068: what they hang on, so that they end with it. */
@Injectable()
export class TokenClaims {
  constructor(
    private readonly clients: OAuthClients,
    private readonly clock: Clock,
  ) {}

  /** @throws the library's `unauthorized_client` for one that may not act for itself, or not any more */
  async of(
    library: Library,
    { kind, grantId, clientId, aud }: SignedToken,
  ): Promise<Record<string, unknown> | undefined> {
    if (kind === 'ClientCredentials') return { gen: await this.generationOf(library, clientId ?? '') };
    return typeof grantId === 'string' && aud !== undefined ? { gid: grantId } : undefined;
  }

  private async generationOf({ errors }: Library, clientId: string): Promise<number> {
    const client = await this.clients.find(clientId);
    const until = client?.serviceUserBannedUntil ?? null;
    const isBanned = until !== null && this.clock.now().getTime() < until.getTime();
    if (!client?.serviceUser || isBanned) throw new errors.UnauthorizedClient('the client may not act for itself');
    return client.generation;
  }
}
