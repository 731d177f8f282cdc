import type { Adapter, AdapterPayload } from 'oidc-provider';
import { hashOf, isIdOf } from '../artifacts/artifact-ids.js';
import type { ArtifactKey, OAuthArtifacts, StoredArtifact } from '../artifacts/oauth-artifacts.js';

export interface ArtifactAdapterParts {
  readonly artifacts: OAuthArtifacts;
  readonly now: () => Date;
}

/**
 * Stores the library's artifacts of one kind in our table: under the hash of its id, which is nowhere in the payload either. Whatever cannot be an id
 * of that kind (NUL, too long, of another kind) is not there, and no store is asked.
 */
export class ArtifactAdapter implements Adapter {
  constructor(
    protected readonly kind: string,
    protected readonly parts: ArtifactAdapterParts,
  ) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (!isIdOf(this.kind, id)) return undefined;
    const found = await this.parts.artifacts.find(this.keyOf(id));
    return found === null ? undefined : this.payloadOf(id, found);
  }

  /** @param seconds absent: it never expires by itself, so it is kept for a year at most */
  async upsert(id: string, payload: AdapterPayload, seconds = YEAR): Promise<void> {
    await this.parts.artifacts.put(this.recordOf(id, payload, seconds));
  }

  async destroy(id: string): Promise<void> {
    if (isIdOf(this.kind, id)) await this.parts.artifacts.remove(this.keyOf(id));
  }

  async consume(id: string): Promise<void> {
    if (!(await this.parts.artifacts.consume(this.keyOf(id)))) await this.lost(id);
  }

  async findByUid(): Promise<AdapterPayload | undefined> {
    return undefined;
  }

  async findByUserCode(_userCode: string): Promise<AdapterPayload | undefined> {
    return undefined;
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.parts.artifacts.removeOfGrant(this.kind, grantId);
  }

  /** Another request has consumed it in the same instant. */
  protected async lost(_id: string): Promise<void> {}

  protected keyOf(id: string): ArtifactKey {
    return { kind: this.kind, idHash: hashOf(id) };
  }

  protected payloadOf(id: string, { payload, consumedAt, expiresAt }: StoredArtifact): AdapterPayload {
    const consumed = consumedAt === null ? {} : { consumed: Math.floor(consumedAt.getTime() / 1000) };
    // By the clock of the house, which the library does not ask.
    const expired = expiresAt <= this.parts.now() ? { exp: 1 } : {};
    return { jti: id, ...payload, ...consumed, ...expired } as AdapterPayload;
  }

  protected recordOf(id: string, payload: AdapterPayload, seconds: number) {
    const { jti: _jti, consumed: _consumed, ...kept } = payload as Record<string, unknown>;
    const { grantId } = kept;
    const expiresAt = new Date(this.parts.now().getTime() + seconds * 1000);
    return {
      ...this.keyOf(id),
      payload: kept,
      grantId: typeof grantId === 'string' ? grantId : null,
      handleHash: null as string | null,
      expiresAt,
    };
  }
}

const YEAR = 365 * 86_400;
