import type { AdapterPayload } from 'oidc-provider';
import type { OAuthClients } from '../clients/oauth-clients.js';
import type { TokenHandles, TokenKind } from '../tokens/token-handles.js';
import { ArtifactAdapter, type ArtifactAdapterParts } from './artifact-adapter.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';
import { stateOf } from './request-state.js';
import { isStillActing } from './token-claims.js';

export interface AccessTokenParts extends ArtifactAdapterParts {
  readonly library: Library;
  readonly handles: TokenHandles;
  readonly clients: OAuthClients;
}

/** Access tokens: opaque ones, which are kept; and JWTs, of which the request itself says all, where one is introspected or revoked. */
export class AccessTokenAdapter extends ArtifactAdapter {
  constructor(
    protected override readonly kind: TokenKind,
    protected override readonly parts: AccessTokenParts,
  ) {
    super(kind, parts);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const { handles } = this.parts;
    if (!handles.isHandle(id)) return this.findKept(id);
    return handles.find(this.request(), this.kind, id) as AdapterPayload | undefined;
  }

  override async upsert(id: string, payload: AdapterPayload, seconds = 0): Promise<void> {
    stateOf(this.request()).unwritten.push(this.recordOf(id, payload, seconds));
  }

  override async destroy(id: string): Promise<void> {
    const { handles } = this.parts;
    if (handles.isOf(this.request(), id)) await handles.revoke(this.request());
    else await super.destroy(id);
  }

  /**
   * One that a client has for itself hangs on no grant: it is over with what lets the client act. One that is revoked comes without its
   * grant: the library would take the client's refresh tokens away with it.
   */
  private async findKept(id: string): Promise<AdapterPayload | undefined> {
    const found = await super.find(id);
    if (found === undefined) return undefined;
    if (this.kind === 'ClientCredentials') return (await this.isActing(found)) ? found : undefined;
    if (currentContext(this.parts.library).oidc.route !== 'revocation') return found;
    const { grantId: _grantId, ...alone } = found;
    return alone;
  }

  private isActing(found: AdapterPayload): Promise<boolean> {
    return isStillActing(this.parts.clients, found, this.parts.now());
  }

  private request() {
    return currentContext(this.parts.library).req;
  }
}
