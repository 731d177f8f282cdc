import { ServiceUsers } from '../../src/admin/service-users.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthClients } from '../../src/oauth/clients/oauth-clients.js';
import { OAuthResources } from '../../src/oauth/resources/oauth-resources.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';

const BY_NOBODY = { actorId: null, origin: null };
const DAY = 86_400;

describe('clients as a node knows them', () => {
  let app: AuthTestApp;
  let clients: OAuthClients;
  let admin: OAuthClientAdmin;
  beforeAll(async () => {
    app = await bootHost({ adapter: 'express' });
    clients = app.app.get(OAuthClients, { strict: false });
    admin = app.app.get(OAuthClientAdmin, { strict: false });
  });
  afterAll(() => app.close());

  const make = (changes: object = {}) =>
    admin.create(
      { name: 'Shop', type: 'confidential', redirectUris: ['https://shop.example.com/callback'], ...changes },
      BY_NOBODY,
    );
  const found = async (id: string) => (await clients.find(id))!;

  it('are found with what the library needs, and the second time without a look', async () => {
    const { client, clientSecret } = await make();
    const first = await found(client.id);
    expect(first).toMatchObject({
      id: client.id,
      name: 'Shop',
      origin: 'admin',
      isConfidential: true,
      isNative: false,
    });
    expect(first.metadata).toEqual({
      client_id: client.id,
      redirect_uris: ['https://shop.example.com/callback'],
      post_logout_redirect_uris: [],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      id_token_signed_response_alg: 'ES256',
      subject_type: 'public',
    });
    expect(clientSecret).toMatch(/^[\w-]{43}$/);
    const { loaded } = clients.tally;
    expect(clients.find(client.id)).toBe(first);
    expect(clients.tally.loaded).toBe(loaded);
  });

  it.each(['', 'a\0b', 'ü', 'x'.repeat(513), 'nobody', ['a'], undefined])('are none by %j, without a look', (id) => {
    const { loaded } = clients.tally;
    expect(clients.find(id as string)).toBeNull();
    expect(clients.tally.loaded).toBe(loaded);
  });

  it('have two secrets while one is replaced, and one afterwards', async () => {
    const { client, clientSecret: first } = await make();
    const { clientSecret: second } = await admin.renewSecret(client.id, DAY, BY_NOBODY);
    const isRight = async (secret: string | undefined) => clients.isSecretRight(await found(client.id), secret!);
    expect([await isRight(first), await isRight(second), await isRight('x')]).toEqual([true, true, false]);
    app.clock.advance(DAY + 1);
    expect([await isRight(first), await isRight(second)]).toEqual([false, true]);
    const { clientSecret: third } = await admin.renewSecret(client.id, 0, BY_NOBODY);
    expect([await isRight(first), await isRight(second), await isRight(third)]).toEqual([false, false, true]);
  });

  it('act as their service user', async () => {
    const user = await app.app.get(ServiceUsers, { strict: false }).create({ name: 'orders' }, BY_NOBODY);
    const { client } = await make({ redirectUris: undefined, serviceUserId: user.id });
    expect((await found(client.id)).serviceUser).toMatchObject({ id: user.id, kind: 'service' });
    expect((await found(client.id)).metadata.grant_types).toEqual(['client_credentials']);
  });

  it('are no clients any more once they were removed', async () => {
    const { client } = await make();
    await found(client.id);
    await admin.remove(client.id, BY_NOBODY);
    expect(await clients.find(client.id)).toBeNull();
    await expect(admin.remove(client.id, BY_NOBODY)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('say that they are disabled', async () => {
    const { client, clientSecret } = await make();
    await found(client.id);
    await admin.change(client.id, { disabled: true }, BY_NOBODY);
    expect((await found(client.id)).isDisabled).toBe(true);
    expect(clients.isSecretRight(await found(client.id), clientSecret!)).toBe(false);
  });

  it('ask for tokens of this application itself, if nothing else is described', async () => {
    const resources = app.app.get(OAuthResources, { strict: false });
    const own = await resources.find('http://localhost:3000');
    expect(own).toMatchObject({ uri: 'http://localhost:3000', origin: 'own', scopes: {} });
    expect(await resources.all()).toEqual([own]);
    expect(resources.find('http://localhost:3000')).toBe(own);
    expect(resources.find('https://elsewhere.example.com')).toBeNull();
  });
});
