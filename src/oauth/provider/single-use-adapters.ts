import type { AdapterPayload } from 'oidc-provider';
import { ArtifactAdapter, type ArtifactAdapterParts } from './artifact-adapter.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';
import type { OAuthIncidents } from './oauth-incidents.js';
import type { RefreshGrace } from './refresh-grace.js';
import { stateOf } from './request-state.js';

export interface SingleUseParts extends ArtifactAdapterParts {
  readonly library: Library;
  readonly incidents: OAuthIncidents;
}

/** Authorization codes: who comes second ends the grant, RFC 6749 §4.1.2. */
export class CodeAdapter extends ArtifactAdapter {
  constructor(protected override readonly parts: SingleUseParts) {
    super('AuthorizationCode', parts);
  }

  protected override async lost(id: string): Promise<never> {
    const { library, artifacts, incidents } = this.parts;
    // The library has not said yet which grant it is.
    const grantId = (await artifacts.find(this.keyOf(id)))?.payload.grantId;
    if (typeof grantId === 'string') await incidents.endByReplay('code_replayed', currentContext(library), grantId);
    throw new library.errors.InvalidGrant({ detail: 'authorization code already consumed' });
  }
}

/** Whatever else is good once, and whose second use does no harm: device codes, pushed requests. */
export class OnceAdapter extends ArtifactAdapter {
  constructor(
    kind: string,
    protected override readonly parts: SingleUseParts,
  ) {
    super(kind, parts);
  }

  protected override async lost(): Promise<never> {
    const { InvalidGrant, InvalidRequestUri } = this.parts.library.errors;
    throw this.kind === 'PushedAuthorizationRequest'
      ? new InvalidRequestUri('request_uri is invalid, expired, or was already used')
      : new InvalidGrant({ detail: `${this.kind} already consumed` });
  }
}

/**
 * Refresh tokens: each is used once. One that comes again within the grace gets the successor that was handed out for it, unless that was
 * used; later, or after that, there is a copy of it, and its grant ends.
 */
export class RefreshTokenAdapter extends ArtifactAdapter {
  constructor(
    protected override readonly parts: SingleUseParts,
    private readonly grace: RefreshGrace,
  ) {
    super('RefreshToken', parts);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const state = await this.grace.find(id);
    if (state === null) return undefined;
    const ctx = this.parts.library.Provider.ctx;
    if (ctx) stateOf(ctx.req).successorId = state.successorId;
    const { consumedAt } = state.artifact;
    return this.payloadOf(id, { ...state.artifact, consumedAt: state.isGood ? null : consumedAt });
  }

  /** A successor that several requests hand out is there once, and stays consumed where it was. */
  override async upsert(id: string, payload: AdapterPayload, seconds?: number): Promise<void> {
    stateOf(currentContext(this.parts.library).req).unwritten.push(this.recordOf(id, payload, seconds ?? 0));
  }

  protected override async lost(id: string): Promise<void> {
    const state = await this.grace.find(id);
    if (state?.isGood) {
      stateOf(currentContext(this.parts.library).req).successorId = state.successorId;
      return;
    }
    const { library, incidents } = this.parts;
    const grantId = state?.artifact.payload.grantId;
    if (typeof grantId === 'string')
      await incidents.endByReplay('refresh_token_reused', currentContext(library), grantId);
    throw new library.errors.InvalidGrant({ detail: 'refresh token already used' });
  }
}
