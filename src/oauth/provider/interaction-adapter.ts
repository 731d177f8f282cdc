import type { AdapterPayload } from 'oidc-provider';
import { withId, withoutId } from '../artifacts/artifact-ids.js';
import type { StoredArtifact } from '../artifacts/oauth-artifacts.js';
import { ArtifactAdapter, type ArtifactAdapterParts } from './artifact-adapter.js';

/** Interactions. The address at which the library goes on has the id in it, which is the cookie of the browser. */
export class InteractionAdapter extends ArtifactAdapter {
  constructor(parts: ArtifactAdapterParts) {
    super('Interaction', parts);
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
