import type { RevocationFeed } from '../revocation/revocation-feed.js';
import type { AtomicPrimitives } from './atomic-primitives.js';
import type { RefreshTokenStore } from './refresh-token.store.js';
import type { SessionStore } from './session.store.js';

/** One storage technology and the stores it offers, chosen by `SESSION_STORE`. One folder under `stores/` each. */
export abstract class Storage {
  /** The value of `SESSION_STORE` that chooses it. */
  abstract readonly name: string;
  abstract readonly sessions: SessionStore;
  abstract readonly refreshTokens: RefreshTokenStore;
  abstract readonly atomics: AtomicPrimitives;

  /** Whether it keeps what it was given. False for a cache, which forgets under pressure: then rate limits are counted in the database. */
  readonly isDurable: boolean = true;

  /**
   * Called once, before anything is asked of it, and only when it was chosen: a constructor connects to nothing. A server
   * that is out of reach now is no reason to fail; a package that is not installed is.
   *
   * @throws ConfigurationError
   */
  async open(): Promise<void> {}

  /** The feed that tells every node of ended sessions; null when the technology cannot push: then every request asks the store. */
  abstract readonly feed: RevocationFeed | null;

  /** @throws while the technology is out of reach. Asked by `GET /health/ready`. */
  abstract ping(): Promise<void>;
}

/** DI token of every storage the features bring. */
export const STORAGES = Symbol('coatcheck.storages');
