import type { AuthUser } from '../../kernel/auth-context.js';
import type { Subject } from '../../revocation/revocation-feed.js';
import type { OAuthClient } from '../clients/oauth-client.js';

/** The access that one user has allowed one client, as it holds at this moment. Frozen: it is given to many requests. */
export interface GrantInForce {
  /** UUIDv7. */
  readonly id: string;
  readonly clientId: string;
  readonly client: OAuthClient;
  readonly user: AuthUser;
  /** The session that it ends with; null: it depends on the user only (`offline_access`, native applications). */
  readonly sessionId: string | null;
  /** The library's grant: scopes, resources, claims. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expiresAt: Date;
  /** SHA-256, base64url, of each `jti` that was revoked by itself (RFC 7009) and has not expired. */
  readonly revokedJtis: ReadonlySet<string>;
  /** What ends it, the grant itself first. */
  readonly subjects: readonly [Subject, ...Subject[]];
}
