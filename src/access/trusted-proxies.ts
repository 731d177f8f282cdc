import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { accessOptions } from './access-options.js';
import { readAddress } from './client-address.js';

/** Whether a request came from a proxy that is believed about its clients (`TRUSTED_PROXIES`). */
@Injectable()
export class TrustedProxies {
  private readonly isTrusted: (address: string) => boolean;

  constructor(options: Options) {
    this.isTrusted = trustIn(options.of(accessOptions).trustedProxies);
  }

  /**
   * By the other end of the connection itself. `request.ip` is what proxies say of their clients: it tells where a request
   * came from, never who wrote its headers.
   */
  sent({ socket }: HttpRequest): boolean {
    return this.isTrusted(socket?.remoteAddress ?? '');
  }

  /**
   * Where a request came from that no framework has seen, such as the handshake of a WebSocket: the last hop that is no trusted proxy
   * (RFC 7239 §5.2 calls the header `X-Forwarded-For` by its common name); undefined when only the peer is known.
   */
  clientOf({ socket, headers }: HttpRequest): string | undefined {
    const forwarded = headers['x-forwarded-for'];
    if (forwarded === undefined || !this.isTrusted(socket?.remoteAddress ?? '')) return undefined;
    const hops = String(forwarded).split(',');
    return hops.findLast((hop) => !this.isTrusted(hop)) ?? hops[0];
  }
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether an address, in whatever form a proxy wrote it, lies in one of these addresses and CIDRs. */
export function trustIn(trustedProxies: readonly string[]): (address: string) => boolean {
  const ranges = trustedProxies.map(rangeOf);
  return (text) => {
    const read = ranges.length === 0 ? null : readAddress(text);
    if (read === null) return false;
    const address = ipaddr.parse(read);
    return ranges.some(
      ([range, bits]) => range.kind() === address.kind() && (address as ipaddr.IPv4).match(range as ipaddr.IPv4, bits),
    );
  };
}

function rangeOf(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
