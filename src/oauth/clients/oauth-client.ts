import type { AuthUser } from '../../kernel/auth-context.js';
import { deepFrozen } from '../../kernel/json-object.js';
import { isCustomScheme, isLoopbackHttp } from './redirect-uris.js';

/** Who says that there is such a client. */
export type ClientOrigin = 'admin' | 'registered' | 'document' | 'file';

/** Client metadata by the names of RFC 7591 §2. */
export type ClientMetadata = Readonly<Record<string, unknown>>;

/** SHA-256 of a secret, base64url, and until when it is good; null: for good. */
export interface SecretHash {
  readonly hash: string;
  readonly until: Date | null;
}

/** A registered application, as a node judges it. Frozen. */
export interface OAuthClient {
  /** `client_id`. */
  readonly id: string;
  readonly name: string;
  readonly origin: ClientOrigin;
  /** When it registered itself; null: an admin here made it, or it is known by a document. */
  readonly registeredAt: Date | null;
  /** Whether it proves itself at the token endpoint. */
  readonly isConfidential: boolean;
  /** A public one on a user's device: it is called back by a loopback address or by a scheme of its own (RFC 8252). */
  readonly isNative: boolean;
  /** As the library takes it, with `client_id`; no secret, no `scope`. */
  readonly metadata: ClientMetadata;
  /** Empty: it has none. */
  readonly secretHashes: readonly SecretHash[];
  /** The operator's own application: users are not asked for consent. */
  readonly firstParty: boolean;
  readonly requiresPkce: boolean;
  /** Scopes of resources that it may ask for. Null: all, of one that no admin here made, whose users are always asked. */
  readonly scopes: readonly string[] | null;
  /** URIs of the resources that it may ask for. Null: all, as for scopes. */
  readonly resources: readonly string[] | null;
  readonly defaultResource: string | null;
  /** Who it is when it acts for itself; null: it may not, or may not any more (after `POST /admin/revoke-all`). */
  readonly serviceUser: AuthUser | null;
  readonly serviceUserBannedUntil: Date | null;
  readonly isDisabled: boolean;
  /**
   * Counts what ends the tokens that the client got for itself: another service user, a secret that is void at once, a confirmation after
   * `POST /admin/revoke-all`. Such tokens name it, and those that name another are over. Of one of the file: the global session epoch, and how often it was put back.
   */
  readonly generation: number;
  /** SHA-256 of `jti`s of such tokens that were revoked one by one, base64url. */
  readonly revokedJtis: ReadonlySet<string>;
}

/** The parts that the metadata does not determine. */
export type ClientParts = Omit<OAuthClient, 'isConfidential' | 'isNative'>;

/** A client from its parts, frozen. */
export function oauthClient(parts: ClientParts): OAuthClient {
  const isConfidential = (parts.metadata.token_endpoint_auth_method ?? 'client_secret_basic') !== 'none';
  const redirectUris = (parts.metadata.redirect_uris ?? []) as readonly string[];
  const isNative = redirectUris.some((uri) => isCustomScheme(uri) || (!isConfidential && isLoopbackHttp(uri)));
  const { revokedJtis, ...plain } = parts;
  const metadata = deepFrozen(structuredClone({ ...plain.metadata, client_id: plain.id })) as ClientMetadata;
  return Object.freeze({ ...plain, metadata, isConfidential, isNative, revokedJtis });
}

/**
 * A client that is known only by a document of its own, which its id is the address of: public, asked for consent always. What the document says, the
 * library knows, which fetches it.
 *
 * @param id the address of the document
 * @param described what it says, as it was read
 */
export function documentClient(
  id: string,
  described: { readonly name?: string | undefined; readonly metadata?: ClientMetadata } = {},
): OAuthClient {
  return oauthClient({
    id,
    name: described.name ?? new URL(id).host,
    origin: 'document',
    registeredAt: null,
    metadata: described.metadata ?? { token_endpoint_auth_method: 'none' },
    secretHashes: [],
    firstParty: false,
    requiresPkce: true,
    scopes: null,
    resources: null,
    defaultResource: null,
    serviceUser: null,
    serviceUserBannedUntil: null,
    isDisabled: false,
    generation: 1,
    revokedJtis: new Set(),
  });
}
