import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../access/request-origin.js';
import { type AuthContext, requireSession } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { SessionService } from '../../sessions/session.service.js';
import { type ApiKeyActor, type NewApiKey, USUAL_ALLOWANCE } from './api-key-params.js';
import { ApiKeyRotation } from './api-key-rotation.js';
import { ApiKeys } from './api-keys.js';
import type { CreateApiKeyRequest } from './api-keys.requests.js';
import { FreshLogin } from './fresh-login.js';

/** Lets users manage their own API keys. */
@Injectable()
export class OwnApiKeys {
  constructor(
    private readonly keys: ApiKeys,
    private readonly rotation: ApiKeyRotation,
    private readonly freshLogin: FreshLogin,
    private readonly sessions: SessionService,
  ) {}

  /** @throws AuthError `step_up_required` unless the login is fresh; `not_found` where keys are not accepted; as `ApiKeys.create` */
  async create(
    { name, scopes, expiresInSeconds }: CreateApiKeyRequest,
    auth: AuthContext,
    origin: RequestOrigin,
  ): Promise<NewApiKey> {
    await this.assertMayCreate(auth);
    const order = { name, scopes, expiresInSeconds, ...USUAL_ALLOWANCE };
    return this.keys.create(auth.user.id, order, await this.actor(auth, origin));
  }

  /**
   * @param overlapSeconds how long the old key stays valid; absent: `API_KEY_OVERLAP_SECONDS`
   * @throws AuthError as {@link create}, and as `ApiKeyRotation.rotate`
   */
  async rotate(
    id: string,
    overlapSeconds: number | undefined,
    auth: AuthContext,
    origin: RequestOrigin,
  ): Promise<NewApiKey> {
    await this.assertMayCreate(auth);
    return this.rotation.rotate(auth.user.id, id.toLowerCase(), overlapSeconds, await this.actor(auth, origin));
  }

  /** Revokes a key; returns when no node accepts it any more. @throws AuthError `not_found` */
  async revoke(id: string, auth: AuthContext, origin: RequestOrigin): Promise<void> {
    await this.keys.revoke(auth.user.id, id.toLowerCase(), { origin, sessionId: requireSession(auth).id });
  }

  /** @throws AuthError `step_up_required`; `not_found` where keys are not accepted */
  async assertMayCreate(auth: AuthContext): Promise<void> {
    if (!this.keys.areAccepted) throw new AuthError('not_found', { reason: 'strategy_switched_off' });
    await this.freshLogin.assert(auth);
  }

  private async actor(auth: AuthContext, origin: RequestOrigin): Promise<ApiKeyActor> {
    const { id: sessionId } = requireSession(auth);
    // As the stores have it: this node's view says nothing of the epoch.
    return { origin, sessionId, ownSessionEpoch: await this.sessions.userEpochOf(sessionId) };
  }
}
