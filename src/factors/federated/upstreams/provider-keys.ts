import { Logger } from '@nestjs/common';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../../kernel/clock.js';
import { SingleFlight } from '../../../kernel/single-flight.js';
import { isObject, ProviderUnreachable, type UpstreamFetch } from './upstream-fetch.js';
import { plainCause } from './upstream-refusals.js';

const FRESH_SECONDS = 600;
const RETRY_SECONDS = 60;
const OLDEST_SECONDS = 86_400;
/** So many unknown key ids a minute lead to a new look: an attacker may name as many as they like. */
const LOOKS_PER_MINUTE = 5;

/**
 * The public keys of one provider: read anew every ten minutes, and at once when a token names an unknown one, so that a rotation is not
 * noticed. While the provider is away those known last go on, for a day: a key that was withdrawn must not stay good for longer.
 */
export class ProviderKeys {
  private readonly logger = new Logger('federated');
  private readonly flight = new SingleFlight(() => this.load());
  private uri = '';
  private known: { readonly uri: string; readonly set: JWTVerifyGetKey; readonly readAt: number } | undefined;
  private nextAt = 0;
  private looks: number[] = [];

  private readonly clock: Clock;
  private readonly fetch: UpstreamFetch;

  constructor({ fetch, clock }: { readonly fetch: UpstreamFetch; readonly clock: Clock }) {
    this.fetch = fetch;
    this.clock = clock;
  }

  /** For `jwtVerify`. The function throws ProviderUnreachable, or an error of jose when no key fits. */
  of(uri: string): JWTVerifyGetKey {
    return async (header, token) => {
      const set = await this.current(uri);
      try {
        return await set(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || !this.mayLook()) throw error;
        return (await this.loadFrom(uri))(header, token);
      }
    };
  }

  private async current(uri: string): Promise<JWTVerifyGetKey> {
    const now = this.clock.now().getTime();
    const known = this.known?.uri === uri ? this.known : undefined;
    if (known && now < this.nextAt) return known.set;
    try {
      return await this.loadFrom(uri);
    } catch (error) {
      if (!known || now - known.readAt > OLDEST_SECONDS * 1000) throw error;
      this.nextAt = this.clock.in(RETRY_SECONDS).getTime();
      this.logger.warn(`${uri}: no new keys, those known last stay in use: ${plainCause(error).message}`);
      return known.set;
    }
  }

  private loadFrom(uri: string): Promise<JWTVerifyGetKey> {
    this.uri = uri;
    return this.flight.run();
  }

  private async load(): Promise<JWTVerifyGetKey> {
    const { uri } = this;
    const readAt = this.clock.now().getTime();
    const document = await this.fetch.json(uri).catch((error: unknown) => {
      throw error instanceof ProviderUnreachable ? error : new ProviderUnreachable('no keys', { cause: error });
    });
    if (!Array.isArray(document.keys) || !document.keys.every(isObject))
      throw new ProviderUnreachable('the answer is no set of keys');
    const set = createLocalJWKSet(document as unknown as JSONWebKeySet);
    this.known = { uri, set, readAt };
    this.nextAt = this.clock.in(FRESH_SECONDS).getTime();
    return set;
  }

  private mayLook(): boolean {
    const now = this.clock.now().getTime();
    this.looks = this.looks.filter((at) => now - at < 60_000 && at <= now);
    if (this.looks.length >= LOOKS_PER_MINUTE) return false;
    this.looks.push(now);
    return true;
  }
}
