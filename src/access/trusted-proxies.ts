import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Options } from '../config/options.js';
import { accessOptions } from './access-options.js';
import type { HttpRequest } from './http-exchange.js';

/** Whether a request came from a proxy that is believed about its clients (`TRUSTED_PROXIES`). */
@Injectable()
export class TrustedProxies {
  private readonly ranges: readonly Range[];

  constructor(options: Options) {
    this.ranges = options.of(accessOptions).trustedProxies.map(rangeOf);
  }

  /**
   * By the other end of the connection itself. `request.ip` is what proxies say of their clients: it tells where a request
   * came from, never who wrote its headers.
   */
  sent({ socket }: HttpRequest): boolean {
    const peer = socket?.remoteAddress;
    if (this.ranges.length === 0 || !peer || !ipaddr.isValid(peer)) return false;
    const address = ipaddr.process(peer);
    return this.ranges.some(
      ([range, bits]) => range.kind() === address.kind() && (address as ipaddr.IPv4).match(range as ipaddr.IPv4, bits),
    );
  }
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

function rangeOf(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
