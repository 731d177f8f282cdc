import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import type { Library } from './library.js';

/** A token about to be signed, as far as its claims go. */
interface SignedToken {
  readonly kind?: unknown;
  readonly grantId?: unknown;
  readonly clientId?: string | undefined;
  readonly aud?: unknown;
}

/** Adds claims to our access tokens beyond RFC 9068: the things that they depend on, so that they end with them. */
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
    const generation = actingGeneration(await this.clients.find(clientId), this.clock.now());
    if (generation === null) throw new errors.UnauthorizedClient('the client may not act for itself');
    return generation;
  }
}

/** Whether an opaque token that a client got for itself still lets it act. */
export async function isStillActing(
  clients: OAuthClients,
  { clientId, extra }: { readonly clientId?: unknown; readonly extra?: unknown },
  now: Date,
): Promise<boolean> {
  const { gen } = (extra ?? {}) as { gen?: unknown };
  const client = typeof clientId === 'string' ? await clients.find(clientId) : null;
  return typeof gen === 'number' && gen === actingGeneration(client, now);
}

/** Of the tokens that a client gets for itself at this moment; null: it may not act for itself, or not any more. */
export function actingGeneration(client: OAuthClient | null, now: Date): number | null {
  if (!client?.serviceUser || client.isDisabled) return null;
  const until = client.serviceUserBannedUntil;
  return until !== null && now.getTime() < until.getTime() ? null : client.generation;
}
