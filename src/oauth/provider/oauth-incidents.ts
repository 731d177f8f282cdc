import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import type { OAuthContext } from './current-request.js';
import { stateOf } from './request-state.js';

/** An artifact that was presented a second time though it may be used once. */
export type Replay = 'code_replayed' | 'refresh_token_reused';

const EVENTS = { code_replayed: 'oauth.code.replayed', refresh_token_reused: 'oauth.refresh_token.reused' } as const;

/** Handles possible attacks on the provider's endpoints: ends what they endanger, and records them in the audit. */
@Injectable()
export class OAuthIncidents {
  constructor(
    private readonly grants: OAuthGrants,
    private readonly audit: AuditSink,
  ) {}

  /** Two hold the same thing, and which one is the thief cannot be told: the grant ends, acknowledged. */
  async endByReplay(replay: Replay, ctx: OAuthContext, grantId: string): Promise<void> {
    const { caller } = stateOf(ctx.req);
    // Before it ends: afterwards its owner is not known any more.
    const grant = await this.grants.judge(grantId);
    await this.audit.record({
      type: EVENTS[replay],
      userId: grant?.user.id ?? null,
      clientId: ctx.oidc.entities.Client?.clientId ?? null,
      grantId,
      origin: caller,
    });
    await this.grants.end(grantId, replay, { origin: caller });
  }

  /** @param clientId as it was claimed; null: none was, or none that could be one */
  async clientAuthenticationFailed(clientId: string | null, origin: RequestOrigin): Promise<void> {
    await this.audit.record({ type: 'oauth.client_authentication.failed', clientId, origin });
  }
}
