import type { FakeProvider } from './fake-provider.js';
import type { FakeProviderEndpoint, FakeProviderRequest } from './fake-provider-settings.js';

/** A request, read whole. */
export interface ProviderQuestion extends FakeProviderRequest {
  readonly url: URL;
  /** Of a JSON body. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A reply of the provider. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text as it is; anything else as JSON. */
  readonly body?: unknown;
}

/** One endpoint. */
export type AnswerOf = (provider: FakeProvider, question: ProviderQuestion) => Promise<ProviderAnswer> | ProviderAnswer;

/** Where endpoints are, behind the origin. */
export type ProviderRoutes = Readonly<Record<string, readonly [FakeProviderEndpoint, AnswerOf]>>;

/** RFC 6749 §5.2. */
export function oauthError(status: number, error: string, description = 'the fake provider says so'): ProviderAnswer {
  return { status, body: { error, error_description: description } };
}

/** RFC 6749 §2.3.1: by Basic or in the body; the credentials of a client, or null. */
function clientCredentialsOf({ headers, parameters }: ProviderQuestion): { id: string; secret: string } | null {
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'basic') {
    const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
    return { id: formDecoded(id), secret: formDecoded(secret) };
  }
  const [id, secret] = [parameters.get('client_id'), parameters.get('client_secret')];
  return id === null || secret === null ? null : { id, secret };
}

/** Whether the request is by the client. */
export async function isOfClient(provider: FakeProvider, question: ProviderQuestion): Promise<boolean> {
  const given = clientCredentialsOf(question);
  if (!given || given.id !== provider.clientId) return false;
  const { acceptsSecret } = provider.settings;
  return acceptsSecret ? acceptsSecret(given.secret) : given.secret === provider.clientSecret;
}

/** RFC 6750 §2.1; GitHub's scheme `token` likewise. */
export function bearerOf({ headers }: ProviderQuestion): string | null {
  return /^(?:bearer|token) (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
