import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { SecretKey } from '../kernel/secret-key.js';
import { NETWORKS_OF_A_SITE, networkOf, siteOf } from './network-of.js';
import type { RateLimit } from './rate-limit.store.js';

/** The part of a caller by which requests are counted. */
type Client = Pick<Caller, 'ip'>;

/** Makes the keys by which requests are counted, in the form that may be stored. */
@Injectable()
export class LimitKeys {
  private readonly key: KeyObject;

  constructor(secretKey: SecretKey) {
    this.key = createSecretKey(secretKey.derive('limits-of-addresses'));
  }

  /** An IPv4 address or an IPv6 /64: the client's, or the proxy's where that names none. Only a Unix socket has neither. */
  network(caller: Client): string {
    return networkOf(caller.ip ?? '') ?? 'unix-socket';
  }

  /** The IPv6 /48 that the network is one of; null for an IPv4 address. */
  site(caller: Client): string | null {
    return siteOf(caller.ip ?? '');
  }

  /** The source of a request, where clients take turns: the site, or the network of an IPv4 address. */
  source(caller: Client): string {
    return this.site(caller) ?? this.network(caller);
  }

  /**
   * How often a client may do something: by its network, and with all networks of its site together {@link NETWORKS_OF_A_SITE} times as
   * often. Coarse limits, to be asked before all others.
   */
  clientLimits(name: string, caller: Client, most: Omit<RateLimit, 'key'>): RateLimit[] {
    const ofNetwork = { key: `${name}:${this.network(caller)}`, ...most };
    const site = this.site(caller);
    return site === null
      ? [ofNetwork]
      : [ofNetwork, { ...most, key: `${name}:${site}`, limit: most.limit * NETWORKS_OF_A_SITE }];
  }

  /** Stands for an e-mail address, in whatever spelling of it, or for any other text. Tells nothing without our key. */
  email(typed: string): string {
    return createHmac('sha256', this.key)
      .update(canonicalEmail(typed) ?? typed)
      .digest('base64url');
  }
}
