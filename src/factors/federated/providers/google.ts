import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { credentialsOf, PROMPT, type Provider, settled, textSetting } from '../upstreams/provider.js';
import { OddAnswer } from '../upstreams/upstream-refusals.js';

const DOMAIN = textSetting('must be a domain', /^([a-z0-9-]+\.)+[a-z0-9-]+$/);

/**
 * Google. A refresh token comes only with `access_type=offline`, and only where consent was just given, so `prompt=consent` is sent (settings
 * may say otherwise: then a login cannot be looked at again). Google speaks for an address only if it is of gmail.com, or of a domain that it
 * hosts (`hd`); any other mailbox may have changed hands since. It has no user log in anew, and says when a user did (`auth_time`) only to verified
 * applications that have switched that on ("session age claims"). With `hostedDomain`, `hd` must be that: the parameter only sorts accounts.
 */
export const google: Provider = {
  label: 'Google',
  protocol: 'oidc',
  issuer: 'known',
  baseUrl: 'optional',
  asksAnew: false,
  isSecretRequired: true,
  settings: { prompt: PROMPT, hostedDomain: DOMAIN },
  create: (connection, secret, parts) => {
    const { hostedDomain } = connection.settings;
    const differences = settled(connection, {
      issuer: connection.baseUrl ?? 'https://accounts.google.com',
      scopes: ['openid', 'profile', 'email'],
      parameters: {
        ...{ access_type: 'offline', prompt: 'consent' },
        ...(typeof hostedDomain === 'string' && { hd: hostedDomain }),
      },
      canAskAnew: google.asksAnew,
      timeParameters: { claims: JSON.stringify({ id_token: { auth_time: { essential: true } } }) },
      identityOf: (claims, { naming: { email, email_verified: verified, hd } }) => {
        if (hostedDomain !== undefined && claims.hd !== hostedDomain) throw new OddAnswer('hosted_domain');
        const isHosted = typeof hd === 'string' && hd !== '';
        const isOwn = /^[^@]+@gmail\.com$/i.test(String(email));
        return { emailVerified: verified === true && (isOwn || isHosted) };
      },
    });
    return new OidcUpstream(differences, credentialsOf(connection, secret), parts);
  },
};
