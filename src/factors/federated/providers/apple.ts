import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { shownText } from '../upstreams/claims.js';
import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { type Provider, settled, textSetting } from '../upstreams/provider.js';
import { isObject } from '../upstreams/upstream-fetch.js';

const ISSUER = 'https://appleid.apple.com';
/** Apple allows 15,777,000; it is made anew for every request. */
const SECRET_SECONDS = 600;
const DAY = 86_400;
const APPLE_ID = /^[A-Z0-9]{10}$/;

/**
 * Sign in with Apple. The client secret is a JWT that we sign with the key of the developer account, which is what an admin gives as secret. The
 * answer comes as a POST; the name comes with it, unsigned and only the first time. `email_verified` may be a text. Apple lets a login be looked
 * at once a day; its refresh tokens stay the same. It asks neither `prompt` nor `max_age`.
 */
export const apple: Provider = {
  label: 'Apple',
  protocol: 'oidc',
  issuer: 'known',
  baseUrl: 'optional',
  asksAnew: false,
  isSecretRequired: true,
  settings: {
    teamId: textSetting('must be the 10 characters of a team id', APPLE_ID, true),
    keyId: textSetting('must be the 10 characters of a key id', APPLE_ID, true),
  },
  secretProblem: (secret) => (keyIn(secret) ? null : 'must be the private key (.p8) of Sign in with Apple'),
  create: (connection, secret, parts) => {
    const { clientId, settings, baseUrl } = connection;
    const issuer = baseUrl ?? ISSUER;
    const key = keyIn(secret ?? '');
    const signed = async () => {
      const now = Math.floor(parts.clock.now().getTime() / 1000);
      const claims = { iss: String(settings.teamId), sub: clientId, aud: issuer, iat: now, exp: now + SECRET_SECONDS };
      if (!key) throw new Error('the private key cannot be read');
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: String(settings.keyId) }).sign(key);
    };
    const differences = settled(connection, {
      issuer,
      scopes: ['openid', 'name', 'email'],
      parameters: { response_mode: 'form_post' },
      canAskAnew: apple.asksAnew,
      leastSecondsBetweenChecks: DAY,
      keepsRefreshTokens: true,
      identityOf: (_claims, { naming: { email, email_verified: verified }, callback }) => ({
        emailVerified: email !== undefined && (verified === true || verified === 'true'),
        name: nameIn(callback.searchParams.get('user')),
      }),
    });
    return new OidcUpstream(differences, { clientId, secret: signed }, parts);
  },
};

function keyIn(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

function nameIn(user: string | null): string | null {
  try {
    const { name } = JSON.parse(user ?? '{}') as { name?: unknown };
    return isObject(name)
      ? shownText([name.firstName, name.lastName].filter((one) => typeof one === 'string').join(' '))
      : null;
  } catch {
    return null;
  }
}
