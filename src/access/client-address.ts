import { isIP, isIPv4 } from 'node:net';
import { Logger } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import type { HttpRequest } from '../edge/http-exchange.js';

/** With or without brackets, a port (RFC 7239 section 6: a number, or obfuscated), or both. */
const WITH_PORT = /^(?:\[(?<bracketed>[^[\]]*)\]|(?<plain>[^[\]:]*))(?::(?:\d{1,5}|_[\w.-]{1,64}))?$/;
const MOST_WARNINGS = 100;

const logger = new Logger('access');
const warned = new Set<string>();

/**
 * Where a request came from, by the framework's proxy setting, in the canonical spelling of that address. What a proxy wrote that is no
 * address (`unknown`, an obfuscated name, whatever a client made up) tells nothing: then it is the peer that sent it, and the log
 * says so once per peer. Null only without a peer, as behind a Unix socket.
 */
export function clientAddress({ ip, socket }: Pick<HttpRequest, 'ip' | 'socket'>): string | null {
  const address = readAddress(ip);
  if (address !== null) return address;
  const peer = readAddress(socket?.remoteAddress);
  if (ip && peer !== null) warnOnce(peer);
  return peer;
}

/**
 * Reads an address in the forms that proxies write: `192.0.2.7:4000`, `[2001:db8::7]:443`, `"192.0.2.7"`, with a zone id (which is
 * cut), IPv4 mapped into IPv6 (which is that IPv4 address). Null for anything else.
 */
export function readAddress(text: string | undefined): string | null {
  // As nearly all are, and canonical: Node takes no other spelling for one.
  if (text !== undefined && isIPv4(text)) return text;
  const unquoted = text?.trim().replace(/^"(.*)"$/, '$1') ?? '';
  const { bracketed, plain } = WITH_PORT.exec(unquoted)?.groups ?? {};
  const [address = ''] = (bracketed ?? plain ?? unquoted).split('%', 1);
  const family = isIP(address);
  // Brackets belong to IPv6 alone, RFC 3986 section 3.2.2.
  if (family === 0 || (bracketed !== undefined && family === 4)) return null;
  return ipaddr.process(address).toString();
}

function warnOnce(peer: string): void {
  if (warned.has(peer) || warned.size >= MOST_WARNINGS) return;
  warned.add(peer);
  logger.warn(
    `the proxy ${peer} sends an X-Forwarded-For that is not an IP address: its clients all count as one client, the proxy. Configure it to send IP addresses`,
  );
}
