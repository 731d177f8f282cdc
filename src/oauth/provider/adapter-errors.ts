import type { Adapter, errors as LibraryErrors } from 'oidc-provider';
import { toAuthError } from '../../http/problem-details.filter.js';
import { currentContext } from './current-request.js';
import type { Library } from './library.js';

/** A store out of reach is an answer of 503, not the library's 500; what the store said stays here. */
export async function answering<T>(library: Library, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof library.errors.OIDCProviderError) throw error;
    const { code, retryAfterSeconds } = toAuthError(error);
    if (code !== 'unavailable') throw error;
    throw unavailable(library, error, retryAfterSeconds ?? 1);
  }
}

function unavailable(library: Library, cause: unknown, retryAfterSeconds: number): LibraryErrors.OIDCProviderError {
  if (library.Provider.ctx) currentContext(library).set('Retry-After', String(retryAfterSeconds));
  const refusal = new library.errors.OIDCProviderError(503, 'temporarily_unavailable', { cause } as never);
  // By itself the library would tell the cause's own words.
  const error_description = 'try again after the time given in Retry-After';
  return Object.assign(refusal, { error_description, error_detail: undefined, expose: true });
}

/** The same adapter, with stores that are out of reach as answers. */
export function answeringAdapter(library: Library, adapter: Adapter): Adapter {
  return {
    find: (id) => answering(library, () => adapter.find(id)),
    findByUid: (uid) => answering(library, () => adapter.findByUid(uid)),
    findByUserCode: (code) => answering(library, () => adapter.findByUserCode(code)),
    upsert: (id, payload, seconds) => answering(library, () => adapter.upsert(id, payload, seconds)),
    consume: (id) => answering(library, () => adapter.consume(id)),
    destroy: (id) => answering(library, () => adapter.destroy(id)),
    revokeByGrantId: (id) => answering(library, () => adapter.revokeByGrantId(id)),
  };
}
