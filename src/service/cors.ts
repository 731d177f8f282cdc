import type { IncomingHttpHeaders } from 'node:http';
import type { AccessOptions } from '../access/access-options.js';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
/** Ours, and those that tracing adds to every request of a page (W3C Trace Context and Baggage, Sentry). */
const HEADERS = [
  ...[
    'Content-Type',
    'Authorization',
    'If-None-Match',
    'X-API-Key',
    'X-CSRF-Token',
    'X-Request-Id',
    'X-Requested-With',
  ],
  ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
];
/** The headers that a page may read beside the body. */
const EXPOSED =
  'ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, WWW-Authenticate, X-Request-Id';
const PREFLIGHT_SECONDS = '600';

/** The headers of a reply to another origin. */
export interface CorsAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the request was only a question, to which this is the answer. */
  readonly isPreflight: boolean;
}

/**
 * Cross-origin calls, for exactly the origins listed: nothing is reflected, and `*` and `null` are no origin. Without a list there is
 * no CORS at all. To an origin not listed nothing is said, so its browser refuses.
 */
export class Cors {
  private readonly origins: ReadonlySet<string>;

  private readonly allowedHeaders: string;

  /** @param headers names that a page may send besides */
  constructor(origins: readonly string[], headers: readonly string[] = []) {
    this.origins = new Set(origins);
    this.allowedHeaders = [...HEADERS, ...headers].join(', ');
  }

  static from({ corsOrigins, corsHeaders }: Pick<AccessOptions, 'corsOrigins' | 'corsHeaders'>): Cors {
    return new Cors(corsOrigins, corsHeaders);
  }

  answer(method: string, { origin, 'access-control-request-method': requested }: IncomingHttpHeaders): CorsAnswer {
    if (this.origins.size === 0) return { headers: {}, isPreflight: false };
    // Also to others: a cache must not give the answer to one origin to another.
    if (origin === undefined || !this.origins.has(origin)) return { headers: { Vary: 'Origin' }, isPreflight: false };
    const headers = {
      Vary: 'Origin',
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': EXPOSED,
    };
    if (method !== 'OPTIONS' || requested === undefined) return { headers, isPreflight: false };
    const { 'Access-Control-Expose-Headers': _exposed, ...common } = headers;
    const allowed = { 'Access-Control-Allow-Methods': METHODS, 'Access-Control-Allow-Headers': this.allowedHeaders };
    return { headers: { ...common, ...allowed, 'Access-Control-Max-Age': PREFLIGHT_SECONDS }, isPreflight: true };
  }
}
