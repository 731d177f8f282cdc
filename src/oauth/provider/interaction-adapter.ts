import type { AdapterPayload } from 'oidc-provider';
import { isIdOf, withId, withoutId } from '../artifacts/artifact-ids.js';
import type { StoredArtifact } from '../artifacts/oauth-artifacts.js';
import { ArtifactAdapter, type ArtifactAdapterParts } from './artifact-adapter.js';
import type { Library } from './library.js';

/** Interactions. The address at which the library goes on has the id in it, which is the cookie of the browser. */
export class InteractionAdapter extends ArtifactAdapter {
  constructor(protected override readonly parts: ArtifactAdapterParts & { readonly library: Library }) {
    super('Interaction', parts);
  }

  /** The library destroys one as it goes on with what the user has decided: that is done once, however many requests ask for it together. */
  override async destroy(id: string): Promise<void> {
    if (isIdOf(this.kind, id) && (await this.parts.artifacts.remove(this.keyOf(id)))) return;
    throw new this.parts.library.errors.SessionNotFound('interaction session not found');
  }

  protected override payloadOf(id: string, stored: StoredArtifact): AdapterPayload {
    const payload = super.payloadOf(id, stored);
    return payload.returnTo === undefined ? payload : { ...payload, returnTo: withId(payload.returnTo, id) };
  }

  protected override recordOf(id: string, payload: AdapterPayload, seconds: number) {
    const { returnTo } = payload;
    const kept = returnTo === undefined ? payload : { ...payload, returnTo: withoutId(returnTo, id) };
    return super.recordOf(id, kept, seconds);
  }
}
