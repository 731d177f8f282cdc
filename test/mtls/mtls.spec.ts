import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Authority, bundle, freshFolder, type Identity, removeFolders, type Wishes } from './authority.js';
import { ADAPTERS, bootTls, type TlsApp } from './tls-app.js';
import { call, kept, tlsSession } from './tls-client.js';

const DAY = 86_400;
const SUBJECT = { kind: 'subject', value: 'CN=orders' };
const root = new Authority('/CN=Machines/O=Example');
const [shortPath, serversOnly] = [
  new Authority('/CN=Short', root, { more: ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=keyCertSign'] }),
  new Authority('/CN=For servers', root, { eku: 'serverAuth' }),
];
const intermediate = new Authority('/CN=Between', root);
const impostor = new Authority('/CN=Machines/O=Example');
afterAll(removeFolders);

const told = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];
const REFUSED = [401, 'unauthenticated'];
const withChain = (leaf: Identity, ...others: Identity[]) => ({
  key: leaf.key,
  cert: [leaf, ...others].map(({ cert }) => cert).join('\n'),
});

describe.each(ADAPTERS)('a client certificate, over TLS on %s', (adapter) => {
  let app: TlsApp;
  let id: string;
  let right: Identity;
  beforeAll(async () => {
    app = await bootTls(adapter, { tlsClientCa: root.certFile });
    id = await app.service([SUBJECT], { scopes: ['example:read'] });
    right = root.issue();
  });
  afterAll(() => app.close());

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('opens the routes of the service by %s', async (version) => {
    const reply = await call(`${app.url}/auth/me`, { identity: right, version });
    expect([reply.status, reply.protocol]).toEqual([200, version]);
    expect(reply.body.user).toMatchObject({ id, email: null, name: 'orders' });
    expect(reply.body.session).toMatchObject({ strategy: 'mtls', amr: ['pop'] });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is shown by each connection anew: none goes on with the session of another, by %s',
    async (version) => {
      const first = await tlsSession(app.url, right, version);
      expect(first).toMatchObject({ answer: 'HTTP/1.1 200 OK', isReused: false });
      for (const identity of [right, undefined])
        for (const session of first.sessions) {
          const next = await tlsSession(app.url, identity, version, session);
          expect(next.isReused).toBe(false);
          expect(next.answer).toBe(identity ? 'HTTP/1.1 200 OK' : 'HTTP/1.1 401 Unauthorized');
        }
    },
  );

  it('is needed: without one, and without a ticket, the answer is 401', async () => {
    expect(told(await app.as(undefined))).toEqual(REFUSED);
  });

  it('counts at each request of a connection that is kept, and does not outlive its own time there', async () => {
    const agent = kept({ identity: root.issue({ until: DAY / 2 }) });
    const ask = () => call(`${app.url}/auth/me`, {}, agent);
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    app.clock.advance(DAY / 2 + 600);
    const late = await ask();
    app.clock.advance(-DAY / 2 - 600);
    expect(told(late)).toEqual(REFUSED);
    expect((await ask()).status).toBe(200);
    agent.destroy();
  });

  it('does what its scopes say, and nothing where no scope is named', async () => {
    expect((await app.as(right, '/example/scoped')).status).toBe(200);
    expect(told(await app.as(right, '/auth/sessions'))).toEqual([403, 'forbidden']);
    await app.service([{ kind: 'subject', value: 'CN=poor', scopes: [] }]);
    const poor = root.issue({ subject: '/CN=poor' });
    expect(told(await app.as(poor, '/example/scoped'))).toEqual([403, 'forbidden']);
    expect((await app.as(poor)).status).toBe(200);
  });

  it('gives way to a ticket in the request, also to a wrong one', async () => {
    const { accessToken, userId } = await app.logIn({ strategy: 'jwt', transport: 'body' });
    const reply = await app.as(right, '/auth/me', { authorization: `Bearer ${accessToken}` });
    expect(reply.body.user.id).toBe(userId);
    expect(told(await app.as(right, '/auth/me', { authorization: 'Bearer wrong' }))).toEqual(REFUSED);
  });

  it('is refused an unsafe request that a page of another site makes the browser send', async () => {
    if (adapter === 'fastify') return;
    const post = (headers: Record<string, string>) =>
      call(`${app.url}/example/scoped`, { identity: right, headers }, undefined, 'POST', {});
    expect((await post({})).status).toBe(201);
    const foreign = await post({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
    expect(told(foreign)).toEqual([403, 'csrf_rejected']);
  });
});

// KEY-08: full chain to a named anchor, dates, usage; subject match only inside that anchor (RFC 8705 §7.4, §7.5).
describe('a client certificate is refused (KEY-08)', () => {
  let app: TlsApp;
  beforeAll(async () => {
    app = await bootTls('fastify', { tlsClientCa: root.certFile });
    await app.service([SUBJECT]);
  });
  afterAll(() => app.close());

  it.each<[string, Wishes]>([
    ['has expired', { from: -2 * DAY, until: -DAY }],
    ['is not valid yet', { from: 3600 }],
    ['is for servers', { eku: 'serverAuth' }],
    ['is for any purpose', { eku: 'anyExtendedKeyUsage' }],
    ['does not say what it is for', { eku: null }],
    ['may not sign', { keyUsage: 'critical,keyEncipherment' }],
    ['is an authority’s', { more: ['basicConstraints=critical,CA:TRUE'] }],
    ['demands what is not understood', { more: ['basicConstraints=CA:FALSE', '1.2.3.4=critical,ASN1:NULL'] }],
    ['has a key of 1024 bits', { rsaBits: 1024 }],
    ['names somebody unknown', { subject: '/CN=stranger' }],
    ['names nobody', { subject: '/', names: ['DNS:nobody.example'] }],
  ])('that %s', async (_what, params) => {
    expect(told(await app.as(root.issue(params)))).toEqual(REFUSED);
  });

  it('of another authority with the same subject, even with our root shown beside it', async () => {
    const forged = impostor.issue();
    expect(told(await app.as(forged))).toEqual(REFUSED);
    expect(told(await app.as(withChain(forged, root.identity)))).toEqual(REFUSED);
    expect(told(await app.as(withChain(forged, impostor.identity)))).toEqual(REFUSED);
  });

  it('that has signed itself', async () => {
    expect(told(await app.as(new Authority('/CN=orders', undefined, { eku: 'clientAuth' }).identity))).toEqual(REFUSED);
    const plain = { eku: 'clientAuth', more: ['basicConstraints=CA:FALSE'] };
    expect(told(await app.as(new Authority('/CN=orders', undefined, plain).identity))).toEqual(REFUSED);
  });

  it('whose intermediate is missing, and not once it is shown', async () => {
    const leaf = intermediate.issue();
    expect(told(await app.as(leaf))).toEqual(REFUSED);
    expect((await app.as(withChain(leaf, intermediate.identity))).status).toBe(200);
  });

  it('that another client’s certificate has signed, which is no authority', async () => {
    const client = new Authority('/CN=orders', root, {
      eku: 'clientAuth',
      keyUsage: 'digitalSignature',
      more: ['basicConstraints=CA:FALSE'],
    });
    expect((await app.as(client.identity)).status).toBe(200);
    expect(told(await app.as(withChain(client.issue(), client.identity)))).toEqual(REFUSED);
  });

  it('below an authority for servers only, or one that may have none below it', async () => {
    expect(told(await app.as(withChain(serversOnly.issue(), serversOnly.identity)))).toEqual(REFUSED);
    expect((await app.as(withChain(shortPath.issue(), shortPath.identity))).status).toBe(200);
    const below = new Authority('/CN=Below', shortPath);
    expect(told(await app.as(withChain(below.issue(), below.identity, shortPath.identity)))).toEqual(REFUSED);
  });

  it('of an intermediate that has expired', async () => {
    const late = new Authority('/CN=Late', root, { from: -2 * DAY, until: -DAY });
    expect(told(await app.as(withChain(late.issue(), late.identity)))).toEqual(REFUSED);
  });

  it('that came with others of its issuer’s name, and not every way among them is tried', async () => {
    const others = Array.from({ length: 8 }, () => new Authority('/CN=Between', impostor).identity);
    const verify = jest.spyOn(X509Certificate.prototype, 'verify');
    expect(told(await app.as(withChain(intermediate.issue(), ...others)))).toEqual(REFUSED);
    expect(verify.mock.calls.length).toBeLessThanOrEqual(24);
    verify.mockRestore();
  });
});

describe('a name in a certificate', () => {
  const partner = new Authority('/CN=Partner');
  let app: TlsApp;
  beforeAll(async () => {
    const mtlsAnchors = [`partner=${partner.certFile}`];
    app = await bootTls('fastify', { tlsClientCa: root.certFile, mtlsAnchors });
  });
  afterAll(() => app.close());

  it.each<[string, object, Wishes]>([
    ['its SPIFFE id', { kind: 'spiffe', value: 'spiffe://example.org/a' }, { names: ['URI:spiffe://example.org/a'] }],
    ['a URI', { kind: 'uri', value: 'urn:example:b' }, { names: ['URI:urn:example:b', 'URI:urn:example:other'] }],
    ['a DNS name', { kind: 'dns', value: 'C.example.org' }, { names: ['DNS:c.EXAMPLE.org'] }],
    ['its subject', { kind: 'subject', value: 'CN=d,O=Ex\\,ample' }, { subject: '/O=Ex,ample/CN=d' }],
  ])('stands for a service: %s', async (_what, name, params) => {
    const id = await app.service([name]);
    const { status, body } = await app.as(root.issue({ subject: '/CN=x', ...params }));
    expect([status, body.user?.id]).toEqual([200, id]);
  });

  it('stands for a user inside its anchor only', async () => {
    const [ours, theirs] = [await app.service([SUBJECT]), await app.service([{ ...SUBJECT, anchor: 'partner' }])];
    expect((await app.as(root.issue())).body.user.id).toBe(ours);
    expect((await app.as(partner.issue())).body.user.id).toBe(theirs);
    await app.service([{ kind: 'dns', value: 'only-ours.example' }]);
    expect(told(await app.as(partner.issue({ subject: '/CN=x', names: ['DNS:only-ours.example'] })))).toEqual(REFUSED);
  });

  it('is compared whole: no wildcard, prefix, suffix or other attribute stands in for it', async () => {
    await app.service([
      { kind: 'dns', value: 'api.example.org' },
      { kind: 'spiffe', value: 'spiffe://example.org/api' },
      { kind: 'subject', value: 'CN=api' },
    ]);
    const near: Wishes[] = [
      { names: ['DNS:*.example.org'] },
      { names: ['DNS:x.api.example.org', 'DNS:api.example.org.evil.example', 'DNS:api.example.or'] },
      { names: ['URI:spiffe://example.org/api/x'] },
      { names: ['URI:spiffe://example.org/api', 'URI:spiffe://example.org/other'] },
      { names: ['email:api.example.org'] },
      { subject: '/CN=api/O=Evil' },
      { subject: '/O=Evil/CN=api' },
      { subject: '/O=Evil, CN=api' },
      { subject: '/O=CN=api' },
    ];
    for (const params of near) expect(told(await app.as(root.issue({ subject: '/CN=x', ...params })))).toEqual(REFUSED);
  });

  it('stands for no user when another in the same certificate stands for another user', async () => {
    const [one, two] = ['one.example', 'two.example'].map((value) => ({ kind: 'dns', value }));
    const first = await app.service([one!]);
    const both = root.issue({ subject: '/CN=x', names: ['DNS:one.example', 'DNS:two.example'] });
    expect((await app.as(both)).body.user.id).toBe(first);
    await app.service([two!]);
    expect(told(await app.as(both))).toEqual(REFUSED);
  });

  it('stands for one service only, and for no person', async () => {
    const id = await app.service([{ kind: 'dns', value: 'once.example' }]);
    const admin = await app.admin();
    const order = { anchor: 'default', kind: 'dns', value: 'ONCE.example', scopes: [] };
    expect(told(await admin.post(`/admin/users/${id}/certificate-names`, order))).toEqual([409, 'conflict']);
    const person = { ...order, value: 'person.example' };
    expect(told(await admin.post(`/admin/users/${admin.userId}/certificate-names`, person))).toEqual([409, 'conflict']);
  });

  it.each([
    ['anchor', { anchor: 'nobody' }],
    ['value', { kind: 'spiffe', value: 'https://example.org' }],
    ['value', { kind: 'spiffe', value: 'spiffe://example.org/../a' }],
    ['value', { kind: 'dns', value: 'a b' }],
    ['value', { kind: 'subject', value: '' }],
    ['value', { kind: 'uri', value: 'spiffe://example.org/a' }],
    ['kind', { kind: 'email' }],
    ['scopes', { scopes: ['a b'] }],
    ['scopes', { scopes: undefined }],
  ])('is refused for its %s: %j', async (field, wrong) => {
    const id = await app.service([]);
    const order = { anchor: 'default', kind: 'dns', value: 'fine.example', scopes: [], ...wrong };
    const { status, body } = await (await app.admin()).post(`/admin/users/${id}/certificate-names`, order);
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'validation_failed', field]);
  });
});

describe('an anchor', () => {
  it('vouches for a certificate three authorities below it, however many anchors come before', async () => {
    const others = Array.from({ length: 9 }, (_, at) => `other-${at}=${new Authority(`/CN=Other ${at}`).certFile}`);
    const way = [new Authority('/CN=Deep', root)];
    for (const at of [1, 2]) way.push(new Authority(`/CN=Deeper ${at}`, way.at(-1)!));
    const app = await bootTls('fastify', {
      tlsClientCa: impostor.certFile,
      mtlsAnchors: [...others, `last=${root.certFile}`],
    });
    const id = await app.service([{ ...SUBJECT, anchor: 'last' }]);
    const identities = way.map(({ identity }) => identity).reverse();
    const reply = await app.as(withChain(way.at(-1)!.issue(), ...identities));
    expect([reply.status, reply.body.user?.id]).toEqual([200, id]);
    await app.close();
  });

  it('is rolled over by a file with the old and the new authority, without a restart', async () => {
    const [old, young] = [new Authority('/CN=Rolling'), new Authority('/CN=Rolling')];
    const file = join(freshFolder(), 'anchor.pem');
    writeFileSync(file, old.identity.cert);
    const { Trust } = await import('../../src/strategies/mtls/trust.js');
    const app = await bootTls('fastify', { tlsClientCa: file });
    const becomes = (text: string) => {
      writeFileSync(file, text);
      app.app.get(Trust, { strict: false }).reload();
    };
    const id = await app.service([SUBJECT]);
    const [before, after] = [old.issue(), young.issue()];
    expect([(await app.as(before)).status, (await app.as(after)).status]).toEqual([200, 401]);
    becomes(readFileSync(bundle(old.identity, young.identity), 'utf8'));
    expect([(await app.as(before)).body.user.id, (await app.as(after)).body.user.id]).toEqual([id, id]);
    becomes('neither PEM nor anything');
    expect([(await app.as(before)).status, (await app.as(after)).status]).toEqual([200, 200]);
    becomes(young.identity.cert);
    expect([(await app.as(before)).status, (await app.as(after)).status]).toEqual([401, 200]);
    await app.close();
  });

  it.each([
    ['no certificate', () => 'nothing'],
    ['a certificate that is no authority’s', () => root.issue().cert],
    [
      'an authority with name constraints',
      () =>
        new Authority('/CN=Bound', undefined, {
          more: ['basicConstraints=critical,CA:TRUE', 'nameConstraints=critical,permitted;DNS:example.org'],
        }).identity.cert,
    ],
  ])('stops the start when its file holds %s', async (_what, text) => {
    const file = join(freshFolder(), 'anchor.pem');
    writeFileSync(file, text());
    await expect(bootTls('fastify', { mtlsAnchors: [`partner=${file}`] })).rejects.toThrow(
      /MTLS_ANCHORS cannot be used/,
    );
  });
});

describe('a revocation list', () => {
  it('refuses whom it names, is read again when it changes, and fails closed when it is out of date', async () => {
    const file = join(freshFolder(), 'list.pem');
    const authority = new Authority('/CN=Listed');
    const { Trust } = await import('../../src/strategies/mtls/trust.js');
    const [leaf, other] = [authority.issue(), authority.issue()];
    authority.list({ file, until: 3600 });
    const app = await bootTls('fastify', { tlsClientCa: authority.certFile, mtlsCrls: [`default=${file}`] });
    await app.service([SUBJECT]);
    expect([(await app.as(leaf)).status, (await app.as(other)).status]).toEqual([200, 200]);
    authority.revoke(leaf);
    authority.list({ file, until: 3600 });
    app.app.get(Trust, { strict: false }).reload();
    expect([told(await app.as(leaf)), (await app.as(other)).status]).toEqual([REFUSED, 200]);
    app.clock.advance(3600 + 600);
    expect(told(await app.as(other))).toEqual(REFUSED);
    authority.list({ file, until: 2 * DAY });
    app.app.get(Trust, { strict: false }).reload();
    expect((await app.as(other)).status).toBe(200);
    await app.close();
  });

  it('of some certificates only is no list, though it does not insist on being understood (KEY-08)', async () => {
    const file = join(freshFolder(), 'list.pem');
    const authority = new Authority('/CN=Partial');
    const leaf = authority.issue();
    const { Trust } = await import('../../src/strategies/mtls/trust.js');
    authority.list({ file, isPartial: true });
    const app = await bootTls('fastify', { tlsClientCa: authority.certFile, mtlsCrls: [`default=${file}`] });
    await app.service([SUBJECT]);
    expect(told(await app.as(leaf))).toEqual(REFUSED);
    authority.list({ file });
    app.app.get(Trust, { strict: false }).reload();
    expect((await app.as(leaf)).status).toBe(200);
    await app.close();
  });

  it('of another authority with the same name, and of none for the intermediate, is no list', async () => {
    const [authority, twin] = [new Authority('/CN=Twin'), new Authority('/CN=Twin')];
    const forged = await bootTls('fastify', { tlsClientCa: authority.certFile, mtlsCrls: [`default=${twin.list()}`] });
    await forged.service([SUBJECT]);
    expect(told(await forged.as(authority.issue()))).toEqual(REFUSED);
    await forged.close();
    const between = new Authority('/CN=Between', authority);
    const lists = [`default=${authority.list()}`];
    const half = await bootTls('fastify', { tlsClientCa: authority.certFile, mtlsCrls: lists });
    await half.service([SUBJECT]);
    expect((await half.as(authority.issue())).status).toBe(200);
    expect(told(await half.as(withChain(between.issue(), between.identity)))).toEqual(REFUSED);
    await half.close();
    const whole = await bootTls('fastify', {
      tlsClientCa: authority.certFile,
      mtlsCrls: [...lists, `default=${between.list()}`],
    });
    await whole.service([SUBJECT]);
    expect((await whole.as(withChain(between.issue(), between.identity))).status).toBe(200);
    authority.revoke(between.identity);
    await whole.close();
    const gone = await bootTls('fastify', {
      tlsClientCa: authority.certFile,
      mtlsCrls: [`default=${authority.list()}`, `default=${between.list()}`],
    });
    await gone.service([SUBJECT]);
    expect(told(await gone.as(withChain(between.issue(), between.identity)))).toEqual(REFUSED);
    await gone.close();
  });
});
