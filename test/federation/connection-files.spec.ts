import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { ConnectionAdmin } from '../../src/factors/federated/connections/connection-admin.js';
import { Connections } from '../../src/factors/federated/connections/connections.js';
import { type AuthTestApp, type FakeProvider, startFakeProvider, testOptions } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';
import { endOf, Federation } from './setting.js';

const RETURN = 'https://app.example.com/in';
const BY_NOBODY = { actorId: null, origin: null };

describe('connections of the file', () => {
  let folder: string;
  let provider: FakeProvider;
  let database: TestDatabase;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'federated-files-'));
    provider = await startFakeProvider();
    database = await freshDatabase();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await provider.stop();
    await database.drop();
  });

  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const corp = (more: object = {}) => {
    const { issuer, clientId, clientSecret } = provider;
    const settings = { jitProvisioning: 'on', vouchesForEmail: true };
    return { slug: 'corp', kind: 'oidc', issuer, clientId, clientSecret, settings, domains: ['corp.example'], ...more };
  };
  const boot = (federated?: string) =>
    bootWithMadeUsers({
      ...{ databaseUrl: database.url, authStrategies: ['session'], corsOrigins: ['https://app.example.com'] },
      ...(federated !== undefined && { federated }),
    });
  const connectionsOf = ({ app }: AuthTestApp) => app.get(Connections, { strict: false });
  async function userOf(app: AuthTestApp): Promise<string> {
    const browser = app.client();
    expect(endOf(await new Federation(app).logIn(browser, 'corp', { returnTo: RETURN })).said).toEqual({});
    return (await browser.get('/auth/me')).body.user.id;
  }

  it('log in, cannot be changed by routes, and are the same when they were taken out and are put back', async () => {
    const given = file('corp.json', [corp()]);
    let app = await boot(given);
    const admin = await app.actAs({ roles: ['admin'] });
    const user = await userOf(app);
    expect((await connectionsOf(app).ofDomain('corp.example'))?.id).toBe('file:corp');
    const { body } = await admin.get('/admin/connections');
    expect(body.fileConnections).toEqual([
      expect.objectContaining({ id: 'file:corp', origin: 'file', hasClientSecret: true, createdAt: null }),
    ]);
    expect(JSON.stringify(body)).not.toContain(provider.clientSecret);
    expect((await admin.get('/admin/connections/file:corp')).body).toEqual(body.fileConnections[0]);
    for (const [method, path, sent] of [
      ['PATCH', '/admin/connections/file:corp', { disabled: true }],
      ['DELETE', '/admin/connections/file:corp', undefined],
      ['POST', '/admin/connections/file:corp/domains', { domain: 'other.example', proof: 'admin' }],
      ['DELETE', '/admin/connections/file:corp/domains/corp.example', undefined],
      ['POST', '/admin/connections', corp({ settings: {}, domains: undefined })],
    ] as const)
      expect([method, (await admin.request(method, path, sent)).body.code]).toEqual([method, 'conflict']);
    await app.close();

    app = await boot();
    expect(await connectionsOf(app).named('corp')).toBeNull();
    await expect(new Federation(app).begin(app.client(), 'corp')).rejects.toThrow(/^4/);
    await app.close();

    app = await boot(given);
    expect(await userOf(app)).toBe(user);
    await app.close();
  });

  it('are believed before the table where both have a name; the one of the table is still found by its id', async () => {
    let app = await boot();
    const params = corp({ slug: 'both', domains: undefined, settings: {} });
    const { id } = await app.app.get(ConnectionAdmin, { strict: false }).create(params, BY_NOBODY);
    expect((await connectionsOf(app).named('both'))?.id).toBe(id);
    await app.close();

    app = await boot(file('both.json', [corp({ slug: 'both' })]));
    const connections = connectionsOf(app);
    expect((await connections.named('both'))?.id).toBe('file:both');
    expect((await connections.find(id))?.slug).toBe('both');
    expect((await connections.all()).filter(({ slug }) => slug === 'both')).toHaveLength(1);
    const admin = await app.actAs({ roles: ['admin'] });
    expect((await admin.get(`/admin/connections/${id}`)).body).toMatchObject({ shadowed: true, origin: 'admin' });
    expect((await admin.patch(`/admin/connections/${id}`, { disabled: true })).status).toBe(200);
    expect((await connections.named('both'))?.isDisabled).toBe(false);
    await app.close();
  });

  it('of the table have their secrets encrypted anew when SECRET_KEY is replaced, and log in all the while', async () => {
    let app = await boot();
    const secretKey = 'b3RoZXIgdGVzdHM6IHRoaXMga2V5IGlzIG5vIGtleSE';
    const params = corp({ slug: 'sealed', domains: undefined });
    const { id, clientSecretSealed } = await app.app.get(ConnectionAdmin, { strict: false }).create(params, BY_NOBODY);
    await app.close();
    const previousSecretKeys = [String(testOptions.secretKey)];
    const next = { databaseUrl: database.url, authStrategies: ['session'], secretKey };
    app = await bootWithMadeUsers({ ...next, previousSecretKeys, corsOrigins: ['https://app.example.com'] });
    const browser = app.client();
    const end = endOf(await new Federation(app).logIn(browser, 'sealed', { returnTo: RETURN }));
    expect([end.said, (await browser.get('/auth/me')).status]).toEqual([{}, 200]);
    const stored = async () =>
      (
        await new Federation(app).tables.query('SELECT client_secret_sealed FROM coatcheck.connections WHERE id = $1', [
          id,
        ])
      )[0];
    while ((await stored()).client_secret_sealed === clientSecretSealed) await new Promise(setImmediate);
    await app.close();
    app = await bootWithMadeUsers(next);
    const connections = connectionsOf(app);
    expect(await connections.secretOf((await connections.find(id))!)).toBe(provider.clientSecret);
    await app.close();
  });

  it('that are disabled log no user in', async () => {
    const app = await boot(file('off.json', [corp({ disabled: true })]));
    await expect(new Federation(app).begin(app.client(), 'corp')).rejects.toThrow(/^4/);
    expect(await connectionsOf(app).ofDomain('corp.example')).toBeNull();
    expect((await connectionsOf(app).listed()).map(({ slug }) => slug)).not.toContain('corp');
    await app.close();
  });

  async function problemsOf(federated: string): Promise<readonly string[]> {
    const app = await bootHost({ adapter: 'express', options: { authStrategies: ['session'], federated } }).catch(
      (error: unknown) => error,
    );
    if (app instanceof ConfigurationError)
      return app.problems.map(({ option, problem, remedy }) => `${option} ${problem} -> ${remedy}`);
    await (app as Partial<AuthTestApp>).close?.();
    throw new Error('it has started');
  }

  it('with mistakes stop the start, all at once, each with its remedy', async () => {
    const found = await problemsOf(
      file('wrong.json', [
        corp({ slug: 'one', issuer: undefined, secret: 'x' }),
        corp({ slug: 'two', settings: { vouchesForEmail: ['*.corp.example'] } }),
        corp({ slug: 'two', domains: ['a@corp.example'] }),
        corp({ slug: 'Three', clientId: 3 }),
        corp({ slug: 'four', kind: 'saml' }),
        corp({ slug: 'five', domains: ['corp.example', 'five.example'] }),
        corp({ slug: 'six', domains: ['five.example'], disabled: 'no' }),
      ]),
    );
    expect(found.map((one) => one.replace(/ -> .*/, ''))).toEqual([
      'federated has a file with a mistake: connection one: secret is not a known property',
      'federated has a file with a mistake: connection two: the domain corp.example must not be used twice',
      'federated has a file with a mistake: connection two: domains must be a list of whole domains in lower case',
      'federated has a file with a mistake: connection two: the slug two must not be used twice',
      'federated has a file with a mistake: connection number 4: clientId must be a text',
      'federated has a file with a mistake: connection number 4: the domain corp.example must not be used twice',
      'federated has a file with a mistake: connection four: the domain corp.example must not be used twice',
      'federated has a file with a mistake: connection five: the domain corp.example must not be used twice',
      'federated has a file with a mistake: connection six: disabled must be true or false',
      'federated has a file with a mistake: connection six: the domain five.example must not be used twice',
    ]);
    expect(found.every((one) => one.endsWith(' -> correct the entry in the file, or remove it'))).toBe(true);
    expect(found.join()).not.toContain(provider.clientSecret);
  });

  it('that fit their form but not their kind stop it too', async () => {
    const found = await problemsOf(
      file('unfit.json', [
        corp({ slug: 'one', kind: 'saml' }),
        corp({ slug: 'two', kind: 'github', domains: undefined, settings: { tenant: 'x' } }),
      ]),
    );
    expect(found.map((one) => one.replace(/ -> .*/, '').replace('federated has a file with a mistake: ', ''))).toEqual([
      'connection one: kind must be one of oidc, oauth2, google, github, microsoft, apple, gitlab',
      'connection two: issuer must be absent: it is known for this kind',
      'connection two: settings.tenant is not a setting of this kind',
    ]);
  });

  it.each([
    ['no JSON', '{', 'is a file that is not JSON'],
    ['an object', '{}', 'has a file with a mistake: the file must be a JSON list of objects'],
  ])('stop the start where the file is %s', async (_, content, problem) => {
    expect(await problemsOf(file('odd.json', content))).toEqual([expect.stringContaining(`federated ${problem}`)]);
  });

  it('stop the start where there is no such file', async () => {
    expect(await problemsOf(join(folder, 'none.json'))).toEqual([expect.stringContaining('cannot be read: ENOENT')]);
  });
});
