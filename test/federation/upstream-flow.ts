import { randomBytes } from 'node:crypto';
import * as library from 'openid-client';
import { coreOptions } from '../../src/config/core-options.js';
import { Options } from '../../src/config/options.js';
import { type Connection, DEFAULT_SETTINGS } from '../../src/factors/federated/connections/connection.js';
import { federatedOptions } from '../../src/factors/federated/federated-options.js';
import { providerOf } from '../../src/factors/federated/providers/providers.js';
import type {
  FlowPurpose,
  FlowSecrets,
  Upstream,
  UpstreamLogin,
} from '../../src/factors/federated/upstreams/upstream.js';
import { UpstreamFetch } from '../../src/factors/federated/upstreams/upstream-fetch.js';
import { PublicFetch } from '../../src/http/public-fetch.js';
import type { AuthError } from '../../src/kernel/auth-error.js';
import { type Clock, SystemClock } from '../../src/kernel/clock.js';
import type { FakeProvider } from '../../src/testing/fake-provider.js';

export interface UpstreamSettings {
  readonly kind?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly baseUrl?: string | null;
  readonly issuer?: string | null;
  readonly clientId?: string;
  readonly secret?: string | null;
  readonly clock?: Clock;
}

const options = Options.resolve([coreOptions, federatedOptions], {
  nodeEnv: 'test',
  publicUrl: 'http://localhost:3000',
  federatedTimeoutSeconds: 1,
  secretKey: 'dGVzdHMgb25seTogdGhpcyBrZXkgaXMgbm90IGEga2U',
});

/** What speaks to a provider, by itself: without an application and without a database. */
export function upstreamFor(
  provider: Pick<FakeProvider, 'issuer' | 'clientId' | 'clientSecret'>,
  given: UpstreamSettings = {},
): Upstream {
  const { kind = 'oidc', settings = {}, clock = new SystemClock() } = given;
  const connection: Connection = {
    id: 'one',
    slug: 'one',
    kind,
    issuer: given.issuer === undefined && ['oidc', 'oauth2'].includes(kind) ? provider.issuer : (given.issuer ?? null),
    baseUrl: given.baseUrl ?? null,
    clientId: given.clientId ?? provider.clientId,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    isDisabled: false,
    createdAt: new Date(),
  };
  const secret = given.secret === undefined ? provider.clientSecret : given.secret;
  const fetch = new UpstreamFetch(new PublicFetch(options), options);
  return providerOf(kind)!.create(connection, secret, { fetch, clock, library, mayBePlain: true });
}

export function newFlow(): FlowSecrets {
  const random = () => randomBytes(32).toString('base64url');
  return {
    state: random(),
    nonce: random(),
    codeVerifier: random(),
    redirectUri: 'https://auth.example.com/auth/federated/one/callback',
  };
}

/** The browser's part: the address to which the provider sends it back. */
export async function answerTo(upstream: Upstream, flow: FlowSecrets, purpose: FlowPurpose = 'login'): Promise<URL> {
  const reply = await fetch(await upstream.authorizationUrl({ ...flow, purpose }), { redirect: 'manual' });
  const location = reply.headers.get('location');
  if (location !== null) return new URL(location);
  // A form that posts itself (Apple): the route answers it by a redirect to the same as a query.
  const page = await reply.text();
  const url = new URL(flow.redirectUri);
  for (const [, name, value] of page.matchAll(/name="([^"]+)" value="([^"]*)"/g)) url.searchParams.set(name!, value!);
  return url;
}

/** A whole login. */
export async function loginBy(upstream: Upstream): Promise<UpstreamLogin> {
  const flow = newFlow();
  return upstream.complete(await answerTo(upstream, flow), flow);
}

/** Code and reason of a refusal. */
export async function refusalOf(promise: Promise<unknown>): Promise<[code: string, reason: string | undefined]> {
  const error = await promise.then(
    () => Promise.reject(new Error('was not refused')),
    (thrown: AuthError) => thrown,
  );
  if (error.name !== 'AuthError') throw error;
  return [error.code, error.reason];
}
