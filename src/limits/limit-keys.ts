import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { clientAddress } from '../access/client-address.js';
import type { HttpRequest } from '../access/http-exchange.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { SecretKey } from '../kernel/secret-key.js';
import { networkOf } from './network-of.js';

/** What requests are counted by, as it may be stored. */
@Injectable()
export class LimitKeys {
  private readonly key: Buffer;

  constructor(secretKey: SecretKey) {
    this.key = secretKey.derive('limits-of-addresses');
  }

  /** An IPv4 address or an IPv6 /64, by the framework's proxy setting. Those it cannot tell are counted as one. */
  network(request: HttpRequest): string {
    return networkOf(clientAddress(request) ?? '') ?? 'unknown';
  }

  /** Stands for an e-mail address, in whatever spelling of it, or for any other text. Tells nothing without our key. */
  email(typed: string): string {
    return createHmac('sha256', this.key)
      .update(canonicalEmail(typed) ?? typed)
      .digest('base64url');
  }
}
