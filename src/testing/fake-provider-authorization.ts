import { randomUUID } from 'node:crypto';
import type { FakeProvider } from './fake-provider.js';
import { type AnswerOf, oauthError, type ProviderAnswer, type ProviderQuestion } from './fake-provider-answers.js';

const CODE_SECONDS = 60;

/**
 * The authorization endpoint (RFC 6749 §4.1.1): the chosen person has logged in and agreed, at once. What a browser must not be sent back
 * for (unknown client, foreign redirect URI) is answered with 400.
 */
export const authorization: AnswerOf = (provider, question) => {
  const asked = question.parameters;
  const redirectUri = asked.get('redirect_uri');
  if (asked.get('client_id') !== provider.clientId) return oauthError(400, 'invalid_request', 'unknown client_id');
  const { redirectUris } = provider.settings;
  if (!redirectUri || (redirectUris && !redirectUris.includes(redirectUri)))
    return oauthError(400, 'invalid_request', 'redirect_uri is not registered');
  const refusal = provider.wrong.refusal ?? refusalOf(provider, question);
  const [name, value] = refusal ? ['error', refusal] : ['code', codeFor(provider, asked, redirectUri)];
  return sendBack(provider, asked, redirectUri, { [name]: value });
};

function refusalOf({ settings, kind }: FakeProvider, { parameters }: ProviderQuestion): string | undefined {
  if (parameters.get('response_type') !== 'code') return 'unsupported_response_type';
  const isProven = parameters.get('code_challenge_method') === 'S256' && parameters.get('code_challenge');
  if (!isProven && settings.pkce !== 'ignored') return 'invalid_request';
  const isOpenId = parameters.get('scope')?.split(' ').includes('openid');
  return kind === 'oidc' && !isOpenId ? 'invalid_scope' : undefined;
}

function codeFor(provider: FakeProvider, asked: URLSearchParams, redirectUri: string): string {
  const login = {
    person: provider.chosenFor(asked),
    sessionId: randomUUID(),
    scopes: (asked.get('scope') ?? '').split(' ').filter(Boolean),
    authenticatedAt: provider.loginTimeFor(asked),
  };
  const binding = { redirectUri, nonce: asked.get('nonce'), codeChallenge: asked.get('code_challenge') };
  return provider.grants.issue('code', provider.grants.begin(login, binding), CODE_SECONDS);
}

function sendBack(
  provider: FakeProvider,
  asked: URLSearchParams,
  redirectUri: string,
  given: Record<string, string>,
): ProviderAnswer {
  const namesItself = provider.kind === 'oidc' && provider.settings.namesItself !== false;
  const iss = namesItself ? provider.issuer : undefined;
  const members = { ...given, state: asked.get('state') ?? undefined, iss, ...provider.wrong.response };
  const told = Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined);
  if (asked.get('response_mode') === 'form_post') return formPost(redirectUri, told);
  const to = new URL(redirectUri);
  for (const [name, value] of told) to.searchParams.append(name, value);
  return { status: 302, headers: { location: to.href } };
}

/** OAuth 2.0 Form Post Response Mode; without a script, so with a button. */
function formPost(redirectUri: string, told: readonly (readonly [string, string])[]): ProviderAnswer {
  const fields = told.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const form = `<form method="post" action="${escaped(redirectUri)}">${fields.join('')}<button>Go on</button></form>`;
  const body = `<!doctype html><html lang="en"><title>Fake provider</title><body>${form}</body></html>`;
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
