// oidc-provider with what its documentation calls a must for production, an adapter: on Redis, after the example in its repository. What is asked
// for at each request is `/me`, its userinfo, with an opaque access token; passwords and their sessions are the host's, so it has no login of its own.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { createClient } from 'redis';
import { serve, userAt } from './serve.mjs';

const client = await createClient({ url: process.env.BENCH_REDIS }).connect();
const CONSUMED = new Set(['AuthorizationCode', 'RefreshToken', 'DeviceCode']);
const GRANTED = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

class RedisAdapter {
  constructor(name) {
    this.name = name;
  }

  async upsert(id, payload, expiresIn) {
    const key = this.keyOf(id);
    const [text, multi] = [JSON.stringify(payload), client.multi()];
    if (CONSUMED.has(this.name)) multi.hSet(key, { payload: text });
    else multi.set(key, text);
    if (expiresIn) multi.expire(key, expiresIn);
    if (GRANTED.has(this.name) && payload.grantId) {
      const list = listOf(payload.grantId);
      multi.rPush(list, key);
      // As long as the longest of what it lists.
      if (expiresIn > (await client.ttl(list))) multi.expire(list, expiresIn);
    }
    await multi.exec();
  }

  async find(id) {
    const key = this.keyOf(id);
    if (!CONSUMED.has(this.name)) {
      const text = await client.get(key);
      return text === null ? undefined : JSON.parse(text);
    }
    const { payload, consumed } = await client.hGetAll(key);
    return payload === undefined ? undefined : { ...JSON.parse(payload), ...(consumed && { consumed }) };
  }

  async consume(id) {
    await client.hSet(this.keyOf(id), 'consumed', Math.floor(Date.now() / 1000));
  }

  async destroy(id) {
    await client.del(this.keyOf(id));
  }

  async revokeByGrantId(grantId) {
    const list = listOf(grantId);
    const keys = await client.lRange(list, 0, -1);
    await client.del([...keys, list]);
  }

  keyOf(id) {
    return `oidc:${this.name}:${id}`;
  }
}

function listOf(grantId) {
  return `oidc:grant:${grantId}`;
}

const SCOPE = 'openid email profile offline_access';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const users = new Map();
const provider = new Provider('https://bench.example', {
  adapter: RedisAdapter,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256', use: 'sig' }] },
  clients: [
    {
      client_id: 'shop',
      client_secret: 'a secret that is only for measuring',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: ['https://shop.example/back'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  cookies: { keys: ['only for measuring'] },
  claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
  // At another process of the two the user is asked for by id alone, as a database would be.
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...(users.get(id) ?? userAt(0)) }) }),
  rotateRefreshToken: true,
  ttl: { AccessToken: 3_600, Grant: 1_209_600, IdToken: 3_600, RefreshToken: 1_209_600 },
  features: { devInteractions: { enabled: false }, revocation: { enabled: true, allowedPolicy: () => true } },
});
provider.proxy = true;
provider.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));

/** What a client holds after an authorization code was exchanged: an access token, opaque, and a refresh token of the same grant. */
async function held(count) {
  const shop = await provider.Client.find('shop');
  const all = [];
  for (let at = 0; at < count; at++) {
    const { id, ...claims } = userAt(at);
    users.set(id, claims);
    const grant = new provider.Grant({ accountId: id, clientId: 'shop' });
    grant.addOIDCScope(SCOPE);
    const common = {
      accountId: id,
      client: shop,
      grantId: await grant.save(),
      scope: SCOPE,
      gty: 'authorization_code',
    };
    const access = await new provider.AccessToken(common).save();
    const refresh = await new provider.RefreshToken({
      ...common,
      rotations: 0,
      iiat: Math.floor(Date.now() / 1000),
    }).save();
    all.push({ access, refresh });
  }
  return all;
}

const tickets = async (count) => (await held(count)).map(({ access }) => ({ authorization: `Bearer ${access}` }));
serve(createServer(provider.callback()), tickets, { held });
