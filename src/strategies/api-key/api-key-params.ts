import type { RequestOrigin } from '../../access/request-origin.js';
import type { Actor } from '../../security/actor.js';
import type { ApiKeyEntity } from './api-key.entity.js';

/** How often a key may be used; null: as the options say. */
export type ApiKeyAllowance = Pick<
  ApiKeyEntity,
  'rateLimit' | 'rateLimitWindowSeconds' | 'quota' | 'quotaWindowSeconds'
>;

/** The key's own limits, none of which differ from the options. */
export const USUAL_ALLOWANCE: ApiKeyAllowance = {
  rateLimit: null,
  rateLimitWindowSeconds: null,
  quota: null,
  quotaWindowSeconds: null,
};

/** Properties of a key to create. */
export interface CreateApiKeyParams extends ApiKeyAllowance {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInSeconds?: number | undefined;
}

/** Who creates, rotates or revokes a key, for the audit. */
export interface ApiKeyActor extends Pick<Actor, 'actorSession'> {
  /** An admin; absent: the user. Null: the command line. */
  readonly actorId?: string | null;
  readonly origin: RequestOrigin | null;
  readonly sessionId?: string;
  /**
   * The user's epoch as of the session in which it happens (`SessionService.userEpochOf`): in another one that is over. Null: it has
   * ended. Absent: no session of the user's.
   */
  readonly ownSessionEpoch?: number | null;
}

/** A key just created. */
export interface NewApiKey {
  /** The key itself, which cannot be shown again. */
  readonly apiKey: string;
  readonly key: ApiKeyEntity;
}
