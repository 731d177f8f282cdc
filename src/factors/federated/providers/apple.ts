import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { postedName } from '../upstreams/posted-name.js';
import { type Provider, settled, textSetting } from '../upstreams/provider.js';
import { p256KeyIn, signedSecret } from '../upstreams/signed-secret.js';

const DAY = 86_400;
const APPLE_ID = /^[A-Z0-9]{10}$/;

/**
 * Sign in with Apple. The client secret is a JWT that we sign with the key of the developer account, which is what an admin gives as secret (Apple
 * allows it 15,777,000 seconds). The answer comes as a POST; the name comes with it, unsigned and only the first time. `email_verified` may be a
 * text. Apple lets a login be looked at once a day; its refresh tokens stay the same. It asks neither `prompt` nor `max_age`.
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
  secretProblem: (secret) => (p256KeyIn(secret) ? null : 'must be the private key (.p8) of Sign in with Apple'),
  create: (connection, key, parts) => {
    const { clientId, settings, baseUrl } = connection;
    const issuer = baseUrl ?? 'https://appleid.apple.com';
    const team = { issuer: String(settings.teamId), keyId: String(settings.keyId) };
    const secret = signedSecret({ key, ...team, subject: clientId, audience: issuer, clock: parts.clock });
    const differences = settled(connection, {
      issuer,
      scopes: ['openid', 'name', 'email'],
      parameters: { response_mode: 'form_post' },
      canAskAnew: apple.asksAnew,
      leastSecondsBetweenChecks: DAY,
      keepsRefreshTokens: true,
      identityOf: (_claims, { naming: { email, email_verified: verified }, callback }) => ({
        emailVerified: email !== undefined && (verified === true || verified === 'true'),
        name: postedName(callback.searchParams.get('user')),
      }),
    });
    return new OidcUpstream(differences, { clientId, secret }, parts);
  },
};
