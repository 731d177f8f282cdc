import { createHash } from 'node:crypto';
import type { FakeProvider } from './fake-provider.js';
import { type AnswerOf, bearerOf, isOfClient, oauthError, type ProviderAnswer } from './fake-provider-answers.js';
import type { FakeGrant } from './fake-provider-grants.js';
import type { FakePerson } from './fake-provider-settings.js';

const TOKEN_SECONDS = 3600;
/** Tokens of GitHub's OAuth apps do not run out. */
const NEVER_SECONDS = 10 * 365 * 86_400;
const REFRESH_SECONDS = 90 * 86_400;

/** The token endpoint (RFC 6749 §3.2): `authorization_code` with PKCE, and `refresh_token` with rotation. */
export const token: AnswerOf = async (provider, question) => {
  if (!(await isOfClient(provider, question))) return oauthError(401, 'invalid_client');
  const asked = question.parameters;
  const type = asked.get('grant_type');
  if (type === 'authorization_code') return exchange(provider, asked);
  if (type === 'refresh_token') return refresh(provider, asked);
  return oauthError(400, 'unsupported_grant_type');
};

/** Userinfo (OpenID Connect Core §5.3), and the user's page of a plain OAuth 2 server. */
export const userinfo: AnswerOf = (provider, question) => {
  const issued = provider.grants.find('access', bearerOf(question));
  if (!issued)
    return { ...oauthError(401, 'invalid_token'), headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };
  const { person, scopes } = issued.grant.login;
  return {
    status: 200,
    body: { sub: person.subject, ...claimsOf(person, scopes, provider), ...provider.wrong.userinfo },
  };
};

/** RFC 7009. */
export const revocation: AnswerOf = async (provider, question) => {
  if (!(await isOfClient(provider, question))) return oauthError(401, 'invalid_client');
  provider.grants.revoke(question.parameters.get('token') ?? '');
  return { status: 200, body: '' };
};

function exchange(provider: FakeProvider, asked: URLSearchParams): Promise<ProviderAnswer> | ProviderAnswer {
  const issued = provider.grants.find('code', asked.get('code'));
  if (!issued || issued.isUsed) {
    if (issued) issued.grant.isEnded = true;
    return oauthError(400, 'invalid_grant', 'the code is unknown, over or used');
  }
  const { binding } = issued.grant;
  if (asked.get('redirect_uri') !== binding.redirectUri)
    return oauthError(400, 'invalid_grant', 'another redirect_uri');
  if (binding.codeChallenge && challengeOf(asked.get('code_verifier')) !== binding.codeChallenge)
    return oauthError(400, 'invalid_grant', 'the code_verifier does not match');
  issued.isUsed = true;
  return reply(provider, issued.grant, { nonce: binding.nonce ?? undefined });
}

function refresh(provider: FakeProvider, asked: URLSearchParams): Promise<ProviderAnswer> | ProviderAnswer {
  const given = asked.get('refresh_token');
  const issued = provider.grants.find('refresh', given);
  const { reusedRefreshToken = 'refused' } = provider.settings;
  if (!issued || (issued.isUsed && reusedRefreshToken !== 'allowed')) {
    if (issued && reusedRefreshToken === 'ends_grant') issued.grant.isEnded = true;
    return oauthError(400, 'invalid_grant', 'the refresh token is unknown, over or used');
  }
  const { refreshesAs, keepsRefreshToken } = provider.wrong;
  if (keepsRefreshToken) return reply(provider, issued.grant, { withoutRefreshToken: true });
  issued.isUsed = true;
  return reply(provider, refreshesAs ? grantOf(provider, issued.grant, refreshesAs) : issued.grant);
}

function grantOf(provider: FakeProvider, grant: FakeGrant, person: FakePerson): FakeGrant {
  return provider.grants.begin({ ...grant.login, person }, grant.binding);
}

async function reply(
  provider: FakeProvider,
  grant: FakeGrant,
  { nonce, withoutRefreshToken = false }: { nonce?: string; withoutRefreshToken?: boolean } = {},
): Promise<ProviderAnswer> {
  const seconds = provider.settings.tokenSeconds ?? (provider.kind === 'github' ? NEVER_SECONDS : TOKEN_SECONDS);
  const { scopes } = grant.login;
  const isRefreshable = !withoutRefreshToken && givesRefreshToken(provider, scopes);
  const body = {
    access_token: provider.grants.issue('access', grant, seconds),
    token_type: 'Bearer',
    expires_in: seconds,
    scope: scopes.join(' '),
    refresh_token: isRefreshable ? provider.grants.issue('refresh', grant, REFRESH_SECONDS) : undefined,
    id_token: await idToken(provider, grant, seconds, nonce),
    ...provider.wrong.tokenReply,
  };
  return { status: 200, body };
}

function givesRefreshToken({ settings }: FakeProvider, scopes: readonly string[]): boolean {
  const { refreshTokens = 'always' } = settings;
  return refreshTokens === 'always' || (refreshTokens === 'offline_access' && scopes.includes('offline_access'));
}

/** OpenID Connect Core §2; none where the provider speaks plain OAuth 2. */
async function idToken(provider: FakeProvider, grant: FakeGrant, seconds: number, nonce?: string) {
  const wrong = provider.wrong.idToken;
  if (provider.kind !== 'oidc' || wrong === 'omitted') return undefined;
  const { person, scopes, sessionId, authenticatedAt } = grant.login;
  const iat = Math.floor(provider.now().getTime() / 1000);
  const claims = {
    iss: provider.issuer,
    sub: person.subject,
    aud: provider.clientId,
    iat,
    exp: iat + seconds,
    auth_time: Math.floor(authenticatedAt.getTime() / 1000),
    nonce,
    sid: sessionId,
    ...claimsOf(person, scopes, provider),
  };
  return provider.keys.sign(claims, 'JWT', provider.clientSecret, wrong);
}

/** OpenID Connect Core §5.4: by the scopes; a plain OAuth 2 server tells all. */
function claimsOf(
  { email, emailVerified, name, claims }: FakePerson,
  scopes: readonly string[],
  { kind }: FakeProvider,
) {
  const told = (scope: string) => kind !== 'oidc' || scopes.includes(scope);
  return {
    ...(told('email') && email !== null ? { email, email_verified: emailVerified } : {}),
    ...(told('profile') && name !== null ? { name } : {}),
    ...claims,
  };
}

function challengeOf(verifier: string | null): string {
  return createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
}
