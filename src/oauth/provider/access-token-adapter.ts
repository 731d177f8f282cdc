import type { AdapterPayload } from 'oidc-provider';
import { isTokenHandle, type TokenHandles, type TokenKind } from '../tokens/token-handles.js';
import { ArtifactAdapter, type ArtifactAdapterParts } from './artifact-adapter.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';
import { stateOf } from './request-state.js';

export interface AccessTokenParts extends ArtifactAdapterParts {
  readonly library: Library;
  readonly handles: TokenHandles;
}

/** Access tokens: opaque ones of the table, and the JWT that introspection or revocation is asked about, by its handle. */
export class AccessTokenAdapter extends ArtifactAdapter {
  constructor(
    protected override readonly kind: TokenKind,
    protected override readonly parts: AccessTokenParts,
  ) {
    super(kind, parts);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    if (!isTokenHandle(id)) return super.find(id);
    const { handles } = this.parts;
    return handles.payloadOf(this.asked(), this.kind, id) as AdapterPayload | undefined;
  }

  override async destroy(id: string): Promise<void> {
    const asked = this.asked();
    if (asked?.token.jti === id) await this.parts.handles.revoke(asked);
    else await super.destroy(id);
  }

  private asked() {
    return stateOf(currentContext(this.parts.library).req).jwt ?? null;
  }
}
