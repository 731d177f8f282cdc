import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Library } from './library.js';

/** A context of the library, as its own storage has it while a request is under way. */
export type OAuthContext = KoaContextWithOIDC;

/** The request under way in the library. @throws TypeError outside of one */
export function currentContext({ Provider }: Library): OAuthContext {
  const ctx = Provider.ctx as OAuthContext | undefined;
  if (ctx === undefined) throw new TypeError('no request of the OAuth provider is under way');
  return ctx;
}
