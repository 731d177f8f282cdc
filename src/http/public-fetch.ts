import { lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';

/** A request that may be sent. */
export interface PublicRequest {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long everything may take; 2,500 by default. */
  readonly timeoutMilliseconds?: number | undefined;
  /** Addresses in internal networks that may be asked nevertheless, because an operator has named them. */
  readonly internalAddresses?: readonly string[] | undefined;
}

const TIMEOUT_MS = 2_500;
const MOST_BYTES = 64 * 1024;

/**
 * Asks addresses that others have named: documents and keys of clients, outside providers. Only public ones, by what
 * their name resolves to at that moment and connected to exactly that, so that no client reaches into our own network through us (SSRF); no
 * redirect is followed, nothing takes long, and nothing large is read. Outside production this machine may be asked as well, for trials.
 */
@Injectable()
export class PublicFetch {
  private readonly isProduction: boolean;

  constructor(options: Options) {
    this.isProduction = options.of(coreOptions).nodeEnv === 'production';
  }

  /** @throws Error when it is not answered, for whichever reason: only the log says it */
  async fetch(address: string, request: PublicRequest = {}): Promise<Response> {
    const { method = 'GET', headers = {}, body, signal, internalAddresses = [] } = request;
    const mayAsk = (one: string) => this.mayAsk(one) || isNamed(one, internalAddresses);
    const url = new URL(address);
    if (url.protocol !== 'https:' && (this.isProduction || url.protocol !== 'http:'))
      throw new Error('not an https address');
    // A name that is an address is not looked up.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(literal) && !mayAsk(literal)) throw new Error('not a public address');
    const timeout = AbortSignal.timeout(request.timeoutMilliseconds ?? TIMEOUT_MS);
    const options = {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      agent: false as const,
      lookup: lookupOf(mayAsk),
    };
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      const ask = url.protocol === 'https:' ? requestHttps : requestHttp;
      ask(url, options, resolve).on('error', reject).end(body);
    });
    return responseOf(answered);
  }

  private mayAsk(address: string): boolean {
    if (isPublicAddress(address)) return true;
    return !this.isProduction && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
  }
}

/** Whether the address is one of the whole Internet's, in whatever form it is written. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

function isNamed(address: string, named: readonly string[]): boolean {
  const plain = (one: string) => ipaddr.process(one).toString();
  return ipaddr.isValid(address) && named.some((one) => plain(one) === plain(address));
}

/** Resolves only where every address may be asked: of several, the connection may take any. */
function lookupOf(mayAsk: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => mayAsk(address)))
        return callback(Object.assign(new Error('not a public address'), { code: 'ENOTFOUND' }), '', 0);
      if (options.all) (callback as unknown as (error: null, all: typeof addresses) => void)(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function responseOf(answered: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answered) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  const status = answered.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answered.headers)) headers.set(name, String(value));
  const isEmpty = status === 204 || status === 304 || bytes === 0;
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers });
}
