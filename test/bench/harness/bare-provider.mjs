// oidc-provider by itself, as its documentation begins: its memory adapter, one key, nobody's session. What it does besides is what ours does.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const ISSUER = 'https://bench.example';
const RESOURCE = 'https://bench.example';
const CLIENT = {
  client_id: 'shop',
  client_secret: 'a secret that is only for measuring',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirect_uris: ['https://shop.example/back'],
  response_types: ['code'],
};
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const server = {
  audience: RESOURCE,
  scope: 'orders:read',
  accessTokenFormat: 'jwt',
  accessTokenTTL: 86_400,
  jwt: { sign: { alg: 'ES256' } },
};
const provider = new Provider(ISSUER, {
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256', use: 'sig' }] },
  clients: [{ ...CLIENT, id_token_signed_response_alg: 'ES256' }],
  cookies: { keys: ['only for measuring'] },
  pkce: { required: () => false },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, _client, oneOf) => oneOf,
      useGrantedResource: () => true,
      getResourceServerInfo: () => server,
    },
  },
});
provider.proxy = true;
provider.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));

async function grantId() {
  const grant = new provider.Grant({ accountId: 'ada', clientId: CLIENT.client_id });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(RESOURCE, 'orders:read');
  return grant.save();
}

/** As if users had logged in: what the token endpoint takes. */
async function codes(count) {
  const client = await provider.Client.find(CLIENT.client_id);
  const all = [];
  for (let at = 0; at < count; at++) {
    const { redirect_uris: redirectUri } = CLIENT;
    const common = { accountId: 'ada', client, grantId: await grantId(), scope: 'openid orders:read', claims: {} };
    const code = new provider.AuthorizationCode({ ...common, redirectUri: redirectUri[0], resource: RESOURCE });
    all.push(await code.save());
  }
  return all;
}

async function opaque() {
  const client = await provider.Client.find(CLIENT.client_id);
  const common = { accountId: 'ada', client, grantId: await grantId(), scope: 'openid', claims: {} };
  return new provider.AccessToken(common).save();
}

const orders = {
  codes,
  opaque,
  client: () => ({ id: CLIENT.client_id, secret: CLIENT.client_secret }),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
};
process.on('disconnect', () => process.exit(0));
process.on('message', async ({ id, order, argument }) => {
  try {
    process.send({ id, result: await orders[order](argument) });
  } catch (error) {
    process.send({ id, failure: String(error?.stack ?? error) });
  }
});
const listening = createServer(provider.callback());
listening.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${listening.address().port}` }));
