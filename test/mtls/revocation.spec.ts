import { X509Certificate } from 'node:crypto';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { Clock } from '../../src/kernel/clock.js';
import { CertificateVerifier } from '../../src/strategies/mtls/certificate-verifier.js';
import type { TestUser } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { UNDISTURBED } from '../flows/counting-providers.js';
import { freshDatabase } from '../real-postgres.js';
import { Authority, type Identity, removeFolders } from './authority.js';
import { twinOf } from './certificate-twin.js';
import { bootTls, type TlsApp } from './tls-app.js';
import { call, kept } from './tls-client.js';

const root = new Authority('/CN=Fleet');
const SUBJECT = { kind: 'subject', value: 'CN=orders' };
const options = { tlsClientCa: root.certFile, mailPollSeconds: 3600 };
afterAll(removeFolders);

const numberOf = ({ named }: Identity) => named.serialNumber.toLowerCase().replace(/^0+/, '');
/** As OpenSSL shows it: with colons. */
function revoke(admin: TestUser, id: string, { named }: Identity, anchor = 'default') {
  const serialNumber = named.serialNumber.match(/../g)!.join(':');
  return admin.post(`/admin/users/${id}/certificates/revoke`, { anchor, issuer: named.issuer, serialNumber });
}

const told = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];

describe('a certificate in steady state', () => {
  it('costs neither a call to a store nor a walk along its chain', async () => {
    const app = await bootTls('fastify', { ...options, ...UNDISTURBED });
    await app.service([SUBJECT]);
    const leaf = root.issue();
    expect((await app.as(leaf)).status).toBe(200);
    let calls = 0;
    const pool = app.app.get(AUTH_DATA_SOURCE, { strict: false }).driver.master;
    const connect = pool.connect.bind(pool);
    pool.connect = (...given: unknown[]) => {
      calls += 1;
      return connect(...given);
    };
    const verifier = app.app.get(CertificateVerifier, { strict: false });
    const { walks } = verifier;
    const agent = kept({ identity: leaf });
    for (let request = 0; request < 100; request += 1) {
      expect((await call(`${app.url}/auth/me`, {}, agent)).status).toBe(200);
    }
    expect((await app.as(leaf)).status).toBe(200);
    expect([calls, verifier.walks - walks]).toEqual([0, 0]);
    agent.destroy();
    await app.close();
  });
});

describe('of a service, on a node that knows its certificate', () => {
  let app: TlsApp;
  beforeAll(async () => {
    app = await bootTls('fastify', options);
  });
  afterAll(() => app.close());
  let count = 0;
  async function known() {
    count += 1;
    const value = `CN=known-${count}`;
    const id = await app.service([{ kind: 'subject', value, scopes: ['example:read'] }], { roles: ['clerk'] });
    const leaf = root.issue({ subject: `/${value}` });
    expect((await app.as(leaf)).status).toBe(200);
    return { id, leaf, admin: await app.admin() };
  }

  it('a ban counts at the next request, and is over by the clock alone', async () => {
    const { id, leaf, admin } = await known();
    const untilAt = app.app.get(Clock, { strict: false }).in(60).toISOString();
    expect((await admin.post(`/admin/users/${id}/ban`, { untilAt })).status).toBe(204);
    expect(told(await app.as(leaf))).toEqual([401, 'unauthenticated']);
    app.clock.advance(61);
    expect((await app.as(leaf)).status).toBe(200);
  });

  it('a change of roles counts at the next request', async () => {
    const { id, leaf, admin } = await known();
    expect((await app.as(leaf)).body.user.roles).toEqual(['clerk']);
    await admin.request('PUT', `/admin/users/${id}/roles`, { roles: ['driver'] });
    expect((await app.as(leaf)).body.user.roles).toEqual(['driver']);
  });

  it('its deletion counts at the next request, and its name is free again, but not a revoked certificate', async () => {
    const { id, leaf, admin } = await known();
    const other = root.issue({ subject: `/CN=known-${count}` });
    await revoke(admin, id, leaf);
    expect((await app.as(other)).status).toBe(200);
    expect((await admin.delete(`/admin/users/${id}`)).status).toBe(204);
    expect(told(await app.as(other))).toEqual([401, 'unauthenticated']);
    const next = await app.service([{ kind: 'subject', value: `CN=known-${count}` }]);
    expect((await app.as(other)).body.user.id).toBe(next);
    expect(told(await app.as(leaf))).toEqual([401, 'unauthenticated']);
  });

  it('a name taken away counts at the next request', async () => {
    const { id, leaf, admin } = await known();
    const [name] = (await admin.get(`/admin/users/${id}/certificate-names`)).body.certificateNames;
    expect((await admin.delete(`/admin/users/${id}/certificate-names/${name.id}`)).status).toBe(204);
    expect(told(await app.as(leaf))).toEqual([401, 'unauthenticated']);
    expect((await admin.delete(`/admin/users/${id}/certificate-names/${name.id}`)).status).toBe(404);
  });

  it('certificates are listed and revoked, also one never used here, and both is audited', async () => {
    const { id, leaf, admin } = await known();
    const unused = root.issue({ subject: `/CN=known-${count}` });
    // Of one millisecond, the order would be anybody's guess.
    app.clock.advance(1);
    for (const one of [leaf, unused]) expect((await revoke(admin, id, one)).status).toBe(204);
    for (const revoked of [leaf, unused]) expect(told(await app.as(revoked))).toEqual([401, 'unauthenticated']);
    const { certificates } = (await admin.get(`/admin/users/${id}/certificates`)).body;
    expect(certificates).toEqual([
      expect.objectContaining({
        anchor: 'default',
        issuer: 'CN=Fleet',
        serialNumber: numberOf(unused),
        fingerprint: null,
        subject: null,
        revokedAt: expect.any(String),
      }),
      expect.objectContaining({
        fingerprint: leaf.fingerprint,
        serialNumber: numberOf(leaf),
        anchor: 'default',
        subject: `CN=known-${count}`,
        firstUsedAt: expect.any(String),
        revokedAt: expect.any(String),
      }),
    ]);
    const { events } = (await admin.get(`/admin/audit?userId=${id}&type=certificate.revoked`)).body;
    expect(events.map((event: { actorId: string }) => event.actorId)).toEqual([admin.userId, admin.userId]);
  });

  // An ECDSA signature (r, s) is as good as (r, n - s): whoever has a certificate has a second one, of another fingerprint.
  it.each([
    ['was used before it was revoked', true],
    ['was not', false],
  ])(
    'a revoked certificate stays so in the hands of one who turns its signature over, whether it %s (KEY-08)',
    async (_what, isUsed) => {
      const { id, leaf, admin } = await known();
      const twin = turnedOver(leaf);
      if (isUsed) expect((await app.as(twin)).body.user.id).toBe(id);
      expect((await revoke(admin, id, leaf)).status).toBe(204);
      for (const revoked of [twin, leaf]) expect(told(await app.as(revoked))).toEqual([401, 'unauthenticated']);
    },
  );

  it('its certificate is revoked by what its authority says of it, and by nothing that no certificate has', async () => {
    const { id, leaf, admin } = await known();
    const right = { anchor: 'default', ...leaf.named };
    for (const [field, value] of [
      ['anchor', 'elsewhere'],
      ['issuer', 'no name'],
      ['issuer', ''],
      ['serialNumber', '-1'],
      ['serialNumber', 'xyz'],
      ['serialNumber', 'f'.repeat(66)],
    ] as const) {
      const { status, body } = await admin.post(`/admin/users/${id}/certificates/revoke`, { ...right, [field]: value });
      expect([status, body.code, body.errors[0].field]).toEqual([400, 'validation_failed', field]);
    }
    for (const near of [{ issuer: 'CN=Fleet, O=Other' }, { serialNumber: `${leaf.named.serialNumber}0` }]) {
      expect((await admin.post(`/admin/users/${id}/certificates/revoke`, { ...right, ...near })).status).toBe(204);
    }
    expect((await app.as(leaf)).status).toBe(200);
    expect(told(await admin.post(`/admin/users/${admin.userId}/certificates/revoke`, right))).toEqual([
      409,
      'conflict',
    ]);
  });

  it('everything else ended leaves machines alone', async () => {
    const { leaf, admin } = await known();
    expect((await admin.post('/admin/revoke-all', {})).status).toBe(204);
    expect((await app.as(leaf)).status).toBe(200);
  });
});

it('a revoked certificate stays so where another anchor vouches for it too (KEY-08)', async () => {
  // Its authority is trusted by itself, and by way of the root: what is shown with the certificate says which it is.
  const between = new Authority('/CN=Cross', root);
  const app = await bootTls('fastify', {
    ...options,
    mtlsAnchors: [`cross=${between.certFile}`],
    tlsClientCa: root.certFile,
  });
  const [leaf, other] = [between.issue(), between.issue()];
  const id = await app.service([SUBJECT, { ...SUBJECT, anchor: 'cross' }]);
  const withChain = { key: leaf.key, cert: leaf.cert + between.identity.cert };
  expect((await app.as(leaf)).body.user.id).toBe(id);
  expect((await revoke(await app.admin(), id, leaf, 'cross')).status).toBe(204);
  for (const shown of [leaf, withChain]) expect(told(await app.as(shown))).toEqual([401, 'unauthenticated']);
  expect((await app.as({ key: other.key, cert: other.cert + between.identity.cert })).body.user.id).toBe(id);
  await app.close();
});

function turnedOver({ cert, key }: Identity): Pick<Identity, 'cert' | 'key'> {
  const twin = twinOf(new X509Certificate(cert).raw, 'prime256v1')!;
  return { key, cert: new X509Certificate(twin).toString() };
}

describe('three nodes', () => {
  it('accept nothing after a revocation under load has been acknowledged (KEY-04)', async () => {
    const database = await freshDatabase();
    const nodes: TlsApp[] = [];
    for (let node = 0; node < 3; node += 1) {
      nodes.push(await bootTls('fastify', { ...options, databaseUrl: database.url, databasePoolSize: 4 }));
    }
    const [first] = nodes as [TlsApp];
    const id = await first.service([SUBJECT]);
    const admin = await first.admin();
    for (let round = 0; round < 5; round += 1) {
      const leaf = root.issue();
      const agents = nodes.flatMap(({ url }) => [url, url]).map((url) => ({ url, agent: kept({ identity: leaf }) }));
      let acknowledged = Number.POSITIVE_INFINITY;
      const seen = { before: 0, refused: 0, late: 0 };
      const crowd = agents.map(async ({ url, agent }) => {
        for (let after = 0; after < 5; ) {
          const sent = performance.now();
          const { status } = await call(`${url}/auth/me`, {}, agent);
          if (sent > acknowledged) after += 1;
          if (status === 200) seen[sent > acknowledged ? 'late' : 'before'] += 1;
          else seen.refused += 1;
        }
      });
      while (seen.before < 60) await new Promise((resolve) => setImmediate(resolve));
      expect((await revoke(admin, id, leaf)).status).toBe(204);
      acknowledged = performance.now();
      await Promise.all(crowd);
      expect(seen.late).toBe(0);
      expect(seen.refused).toBeGreaterThanOrEqual(30);
      for (const { agent } of agents) agent.destroy();
    }
    // A ban at one node counts at all.
    const leaf = root.issue();
    const everywhere = () => Promise.all(nodes.map(async (node) => (await node.as(leaf)).status));
    expect(await everywhere()).toEqual([200, 200, 200]);
    await first.app.get(UserStore, { strict: false }).update(id, { bannedAt: first.clock.now() });
    expect(await everywhere()).toEqual([401, 401, 401]);
    await Promise.all(nodes.map((node) => node.close()));
    await database.drop();
  });
});
