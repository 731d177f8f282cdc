import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How many of an IPv6 /48's networks together may do what one of them may. */
export const NETWORKS_OF_A_SITE = 4;

/**
 * The key by which one client is counted: an IPv4 address, or the /64 of an IPv6 address, as a household or a server gets at least that
 * much to choose from. Null for what is no address. However an address is spelled, the answer is the same; an IPv4 address
 * that arrives in an IPv6 one (mapped, or translated by NAT64) is that IPv4 address.
 */
export function networkOf(address: string): string | null {
  if (isIPv4(address)) return address;
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const [, , , , , , high = 0, low = 0] = parsed.parts;
  // RFC 6052: the whole of IPv4 stands in one /64 there.
  if (parsed.range() === 'rfc6052') return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return prefixOf(parsed, 64);
}

/**
 * The /48 of an IPv6 address: what one site gets (RFC 6177), with 65,536 networks to choose from. Null for an IPv4 address in whatever
 * form, which is a network by itself, and for what is no address.
 */
export function siteOf(address: string): string | null {
  const network = networkOf(address);
  return network?.includes(':') ? prefixOf(ipaddr.process(address) as ipaddr.IPv6, 48) : null;
}

function prefixOf({ parts }: ipaddr.IPv6, bits: number): string {
  return `${parts
    .slice(0, bits / 16)
    .map((part) => part.toString(16))
    .join(':')}::/${bits}`;
}
