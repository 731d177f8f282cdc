import { type CryptoKey, importJWK, type JWK } from 'jose';
import { type Announcement, EVERYTHING } from '../revocation/revocation-feed.js';
import type { RevocationView } from '../revocation/revocation-view.js';
import type { ServiceCalls } from './service-calls.js';
import { TOKEN_ALGORITHMS, type TokenHeader } from './token-header.js';
import type { VerifyClock } from './verify-clock.js';
import { unavailable } from './verify-error.js';

/** Between two fetches that a stranger can cause with a token of an unknown key. */
const PAUSE_MILLISECONDS = 1_000;
/** After this the keys are fetched anew in the background: those of a host's own making are withdrawn without a word. */
const STALE_MILLISECONDS = 300_000;
/** After this the keys are no longer accepted. */
const DEAD_MILLISECONDS = 3_600_000;

type PublicKey = CryptoKey | Uint8Array;

/** Of the revocation that says that keys were taken away. */
const SUBJECT = 'key:signing-keys';

/** The service's published keys: fetched once, again when it says that they changed, and when a token names one that is unknown. */
export class KeySet implements RevocationView {
  private keys = new Map<string, { readonly alg: string; readonly key: PublicKey }>();
  /** Former keys: the holder of a token signed by one must refresh it. */
  private readonly former = new Set<string>();
  private fetchedAt: number | null = null;
  private fetching: Promise<void> | null = null;
  private lastAsked = Number.NEGATIVE_INFINITY;
  /** Counts how often what was known ceased to count. */
  private generation = 0;

  constructor(
    private readonly calls: Pick<ServiceCalls, 'readKeys'>,
    private readonly clock: VerifyClock,
    /** What was verified before is no longer accepted. */
    private readonly onChange: () => void,
  ) {}

  /** Changes whenever keys may have been taken away. */
  get version(): number {
    return this.generation;
  }

  /** From now on no key counts until all have been read anew. */
  invalidate(): void {
    this.generation += 1;
    this.fetchedAt = null;
    // What is under way may have read the keys before.
    this.fetching = null;
    this.onChange();
  }

  /** As a view: before the service is told that the revocation was applied. */
  apply({ subject }: Announcement): void {
    if (subject === SUBJECT || subject === EVERYTHING) this.invalidate();
  }

  /** As a view: what was not heard may have been about keys. */
  clear(): void {
    this.invalidate();
  }

  /** Null when the keys are known; else they are when it resolves. @throws VerifyError `unavailable` */
  certain(): Promise<void> | null {
    const age = this.fetchedAt === null ? Number.POSITIVE_INFINITY : this.clock.milliseconds() - this.fetchedAt;
    if (age < STALE_MILLISECONDS) return null;
    const fetching = this.fetch();
    return age < DEAD_MILLISECONDS ? null : fetching;
  }

  /**
   * The key of such a token; null when the service has none, or one of another algorithm.
   *
   * @throws VerifyError `unavailable`
   */
  async find(header: TokenHeader): Promise<PublicKey | null> {
    await this.certain();
    if (!this.keys.has(header.kid) && !this.isFormer(header)) await this.learn();
    const found = this.keys.get(header.kid);
    return found?.alg === header.alg ? found.key : null;
  }

  /** Whether the key was one of the service's and is no more. */
  isFormer({ kid }: TokenHeader): boolean {
    return this.former.has(kid);
  }

  /** One fetch that begins after this call, not sooner than a pause after the one before: strangers can ask for it. */
  private async learn(): Promise<void> {
    const wait = this.lastAsked + PAUSE_MILLISECONDS - this.clock.milliseconds();
    if (wait > 0) await new Promise<void>((resolve) => this.clock.after(wait, resolve));
    // Others who waited as long have had it fetched.
    if (wait > 0 && this.clock.milliseconds() - this.lastAsked < PAUSE_MILLISECONDS) await this.fetching;
    else await this.fetch();
  }

  private fetch(): Promise<void> {
    if (this.fetching) return this.fetching;
    this.lastAsked = this.clock.milliseconds();
    const { generation } = this;
    const fetching = this.calls
      .readKeys()
      .then(importAll)
      .then((keys) => {
        // Asked for before they changed: the call after that brings them.
        if (generation !== this.generation) return this.certain() ?? undefined;
        return this.take(keys);
      })
      .finally(() => {
        if (this.fetching === fetching) this.fetching = null;
      });
    // A caller that awaits it gets the error; there may be no such caller.
    fetching.catch(() => undefined);
    this.fetching = fetching;
    return fetching;
  }

  private take(keys: KeySet['keys']): void {
    let isTaken = false;
    for (const kid of this.keys.keys()) {
      if (keys.has(kid)) continue;
      this.former.add(kid);
      isTaken = true;
    }
    for (const kid of keys.keys()) this.former.delete(kid);
    this.keys = keys;
    this.fetchedAt = this.clock.milliseconds();
    if (!isTaken) return;
    this.generation += 1;
    this.onChange();
  }
}

/** Those that are good for verifying tokens; others a service may publish as well. */
async function importAll(jwks: readonly JWK[]): Promise<KeySet['keys']> {
  const keys: KeySet['keys'] = new Map();
  for (const jwk of jwks) {
    const { kid, alg, use, kty } = jwk;
    const isUsable = typeof kid === 'string' && (use === undefined || use === 'sig') && kty !== 'oct';
    if (!isUsable || !TOKEN_ALGORITHMS.some((known) => known === alg)) continue;
    // Only its public part, whatever was published.
    const { d: _d, ...publicPart } = jwk;
    keys.set(kid, { alg: alg!, key: await importJWK(publicPart as JWK, alg!).catch(unreadable) });
  }
  return keys;
}

function unreadable(error: unknown): never {
  throw unavailable('unreadable_signing_key', error);
}
