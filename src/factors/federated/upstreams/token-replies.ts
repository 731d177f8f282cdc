import { objectIn, type UpstreamFetch } from './upstream-fetch.js';

/** The tokens of a token endpoint's reply that the library is not shown, or that must not be lost when it refuses the reply. */
export interface SeenTokens {
  idToken?: string;
  refreshToken?: string;
}

/**
 * Asks a token endpoint, and takes the ID token out of its reply: it is verified here, by one way for all flows and providers. A status of 200
 * with an error in the body, which GitHub sends, becomes the error that it is.
 */
export function tokenFetch(fetch: UpstreamFetch['fetch'], seen: SeenTokens) {
  return async (address: string, request: RequestInit): Promise<Response> => {
    const response = await fetch(address, request);
    const text = await response.text();
    const { id_token: idToken, ...body } = objectIn(text) ?? {};
    if (Object.keys(body).length === 0) return new Response(text === '' ? null : text, { status: response.status });
    if (typeof idToken === 'string') seen.idToken = idToken;
    if (typeof body.refresh_token === 'string') seen.refreshToken = body.refresh_token;
    const isError = response.status === 200 && typeof body.error === 'string';
    const headers = new Headers({ 'content-type': 'application/json' });
    const challenge = response.headers.get('www-authenticate');
    if (challenge !== null) headers.set('www-authenticate', challenge);
    return new Response(JSON.stringify(body), { status: isError ? 400 : response.status, headers });
  };
}
