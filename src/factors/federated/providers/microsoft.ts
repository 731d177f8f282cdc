import { isSubject } from '../upstreams/claims.js';
import { OidcUpstream } from '../upstreams/oidc-upstream.js';
import { credentialsOf, PROMPT, type Provider, settled, textSetting } from '../upstreams/provider.js';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** In the metadata of `common` and `organizations` instead of a tenant. */
const TEMPLATE = '{tenantid}';

/**
 * Microsoft Entra ID. Each tenant is an issuer of its own; `tenant` is its id, or `organizations` or `common`, whose tokens name their tenant. The
 * subject is `oid`, the same user in every application of a tenant, so that the key is tenant and object. `email` proves nothing (any admin of
 * any tenant may write anything there: nOAuth), unless the optional claim `xms_edov` says that the tenant owns its domain.
 */
export const microsoft: Provider = {
  label: 'Microsoft',
  protocol: 'oidc',
  issuer: 'known',
  baseUrl: 'optional',
  asksAnew: true,
  isSecretRequired: true,
  settings: {
    prompt: PROMPT,
    tenant: textSetting(
      'must be the id of a tenant, organizations or common',
      /^([0-9a-f-]{36}|organizations|common)$/,
      true,
    ),
  },
  create: (connection, secret, parts) => {
    const tenant = String(connection.settings.tenant);
    const origin = (connection.baseUrl ?? 'https://login.microsoftonline.com').replace(/\/$/, '');
    const issuerFor = (id: string) => `${origin}/${id}/v2.0`;
    const isOne = GUID.test(tenant);
    const differences = settled(connection, {
      issuer: issuerFor(isOne ? tenant : TEMPLATE),
      ...(!isOne && { discoveredAt: issuerFor(tenant) }),
      issuerOf: ({ tid }) => {
        if (typeof tid !== 'string' || !GUID.test(tid) || (isOne && tid !== tenant)) return null;
        return issuerFor(tid);
      },
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      identityOf: ({ oid }, { naming: { email, xms_edov: owned } }) => ({
        subject: isSubject(oid) ? oid : '',
        emailVerified: email !== undefined && [true, 1, '1', 'true'].includes(owned as string),
      }),
    });
    return new OidcUpstream(differences, credentialsOf(connection, secret), parts);
  },
};
