import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { OAuthGrants } from '../grants/oauth-grants.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';
import type { OAuthIncidents } from './oauth-incidents.js';
import { stateOf } from './request-state.js';

export interface GrantAdapterParts {
  readonly library: Library;
  readonly grants: OAuthGrants;
  readonly incidents: OAuthIncidents;
}

/**
 * The one gate: whatever the library does with a code, a token or an introspection, it finds the grant first, and there is none unless it
 * holds at this moment. Grants are made by `OAuthGrants`, never by the library.
 */
export class GrantAdapter implements Adapter {
  constructor(private readonly parts: GrantAdapterParts) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const grant = await this.parts.grants.judge(id);
    if (grant === null) return undefined;
    const { payload, user, clientId, expiresAt } = grant;
    const exp = Math.floor(expiresAt.getTime() / 1000);
    return Object.assign({}, payload, { jti: id, kind: 'Grant', accountId: user.id, clientId, exp });
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    await this.parts.grants.save(id, payload as Record<string, unknown>);
  }

  /** The token endpoint ends a grant only because something came twice. */
  async destroy(id: string): Promise<void> {
    const { library, grants, incidents } = this.parts;
    const ctx = currentContext(library);
    const { route, params } = ctx.oidc;
    if (route !== 'token') {
      await grants.end(id, route === 'revocation' ? 'token_revoked' : 'client_logout', {
        origin: stateOf(ctx.req).caller,
      });
      return;
    }
    await incidents.endByReplay(
      params?.grant_type === 'refresh_token' ? 'refresh_token_reused' : 'code_replayed',
      ctx,
      id,
    );
  }

  async consume(): Promise<void> {}
  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async revokeByGrantId(): Promise<void> {}
}
