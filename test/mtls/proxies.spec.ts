import { Authority, type Identity, removeFolders } from './authority.js';
import { hasNginx, type Nginx, startNginx } from './nginx.js';
import { bootTls, serverIdentity, type TlsApp } from './tls-app.js';
import { call } from './tls-client.js';

const root = new Authority('/CN=Behind the proxy');
const intermediate = new Authority('/CN=Between', root);
const leaf = root.issue();
const SUBJECT = { kind: 'subject', value: 'CN=orders' };
/** In days, not seconds: the clock of a service under test stands still from its start on. */
const EXPIRED = { from: -2 * 86_400, until: -86_400 };
const REFUSED = [401, 'unauthenticated'];
const anchors = { mtlsAnchors: [`default=${root.certFile}`] };
const trusting = { ...anchors, trustedProxies: ['127.0.0.1'] };
afterAll(removeFolders);

const told = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];
const der = ({ cert }: Pick<Identity, 'cert'>) => cert.replace(/-----[^-]+-----|\s/g, '');
const standard = (identity: Identity) => `:${der(identity)}:`;
const escaped = ({ cert }: Pick<Identity, 'cert'>) => encodeURIComponent(cert);
const chained = (...identities: Identity[]) => ({ cert: identities.map(({ cert }) => cert).join('') });

/** How a proxy of each kind passes the certificate on. */
const PASSED_ON = {
  rfc9440: { 'client-cert': standard(leaf) },
  nginx: { 'x-ssl-client-cert': escaped(leaf) },
  envoy: {
    'x-forwarded-client-cert': `By=spiffe://x/y;Hash=${leaf.fingerprint};Cert="${escaped(leaf)}";Subject="CN=a,b";URI=`,
  },
} as const;
const FORMATS = Object.keys(PASSED_ON) as (keyof typeof PASSED_ON)[];

// KEY-07: a client certificate is taken from the TLS layer or from a configured proxy's header only (RFC 9700 §4.13, RFC 9440 §4).
describe('a certificate in a header (KEY-07)', () => {
  describe.each(FORMATS)('in the format %s', (mtlsHeader) => {
    it('counts when a trusted proxy sends it', async () => {
      const { app, id } = await behindProxy(mtlsHeader);
      await expectToCount(app, id, mtlsHeader);
    });

    it('is ignored when another client sends it, whatever address it claims', async () => {
      const app = await bootTls('fastify', { ...anchors, trustedProxies: ['10.0.0.0/8'], mtlsHeader });
      await app.service([SUBJECT]);
      const spoofed = { ...PASSED_ON[mtlsHeader], 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' };
      expect(told(await app.client(spoofed).get('/auth/me'))).toEqual(REFUSED);
      const ada = await app.logIn({ strategy: 'jwt', transport: 'body' });
      const beside = await app.client({ ...spoofed, authorization: `Bearer ${ada.accessToken}` }).get('/auth/me');
      expect(beside.body.user.id).toBe(ada.userId);
      await app.close();
    });
  });

  async function expectToCount(app: TlsApp, id: string, mtlsHeader: keyof typeof PASSED_ON): Promise<void> {
    const reply = await app.client(PASSED_ON[mtlsHeader]).get('/auth/me');
    expect([reply.status, reply.body.user.id]).toEqual([200, id]);
    expect(told(await app.client().get('/auth/me'))).toEqual(REFUSED);
    for (const other of FORMATS.filter((format) => format !== mtlsHeader)) {
      expect(told(await app.client(PASSED_ON[other]).get('/auth/me'))).toEqual(REFUSED);
    }
  }

  // What an adapter makes of a header depends on no format.
  it('counts on Express too', async () => {
    const app = await bootTls('express', { ...trusting, mtlsHeader: 'rfc9440' });
    await expectToCount(app, await app.service([SUBJECT]), 'rfc9440');
    await app.close();
  });

  it('is ignored while no header is configured, also of a trusted proxy', async () => {
    const app = await bootTls('fastify', trusting);
    await app.service([SUBJECT]);
    const all = Object.assign({}, ...Object.values(PASSED_ON));
    expect(told(await app.client(all).get('/auth/me'))).toEqual(REFUSED);
    await app.close();
  });

  it('stands in for the certificate of the proxy’s own connection, also when the proxy says nothing', async () => {
    const app = await bootTls('fastify', {
      tlsClientCa: root.certFile,
      trustedProxies: ['127.0.0.1'],
      mtlsHeader: 'rfc9440',
    });
    const id = await app.service([SUBJECT]);
    const proxy = root.issue({ subject: '/CN=proxy' });
    await app.service([{ kind: 'subject', value: 'CN=proxy' }]);
    expect((await app.as(proxy, '/auth/me', { 'client-cert': standard(leaf) })).body.user.id).toBe(id);
    expect(told(await app.as(proxy))).toEqual(REFUSED);
    await app.close();
  });

  it('of a trusted proxy is verified like any other: dates, anchor, chain', async () => {
    const { app } = await behindProxy('rfc9440');
    const send = (headers: Record<string, string>) => app.client(headers).get('/auth/me');
    const impostor = new Authority('/CN=Behind the proxy');
    for (const wrong of [root.issue(EXPIRED), root.issue({ eku: 'serverAuth' }), impostor.issue()]) {
      expect(told(await send({ 'client-cert': standard(wrong) }))).toEqual(REFUSED);
    }
    const below = { 'client-cert': standard(intermediate.issue()) };
    expect(told(await send(below))).toEqual(REFUSED);
    const chain = [intermediate, root].map(({ identity }) => standard(identity)).join(', ');
    expect((await send({ ...below, 'client-cert-chain': chain })).status).toBe(200);
  });

  // Of MD5 and SHA-1 collisions can be made to order: a certificate for one name, signed, is one for another.
  it('that is signed by way of MD5, SHA-1 or SHA-224 is refused (KEY-08)', async () => {
    const rsa = new Authority('/CN=Old', undefined, { rsaBits: 2048 });
    const mtlsAnchors = [`default=${root.certFile}`, `old=${rsa.certFile}`];
    const app = await bootTls('fastify', { ...trusting, mtlsAnchors, mtlsHeader: 'rfc9440' });
    await app.service([SUBJECT, { ...SUBJECT, anchor: 'old' }]);
    const statusOf = async (identity: Identity) =>
      (await app.client({ 'client-cert': standard(identity) }).get('/auth/me')).status;
    for (const authority of [root, rsa]) {
      for (const digest of ['sha256', 'sha384', 'sha512']) {
        expect(await statusOf(authority.issue({ digest }))).toBe(200);
      }
      for (const digest of ['md5', 'sha1', 'sha224'].slice(authority === rsa ? 0 : 1)) {
        expect(await statusOf(authority.issue({ digest }))).toBe(401);
      }
    }
    await app.close();
  });

  it.each<[keyof typeof PASSED_ON, string, Record<string, string>]>([
    ['rfc9440', 'text', { 'client-cert': 'x' }],
    ['rfc9440', 'two at once', { 'client-cert': `${standard(leaf)}, ${standard(leaf)}` }],
    ['rfc9440', 'a parameter', { 'client-cert': `${standard(leaf)};a=1` }],
    ['rfc9440', 'a broken chain', { 'client-cert': standard(leaf), 'client-cert-chain': ':AAAA:, x' }],
    [
      'rfc9440',
      'something after the certificate',
      { 'client-cert': `:${Buffer.concat([Buffer.from(der(leaf), 'base64'), Buffer.from('x')]).toString('base64')}:` },
    ],
    ['rfc9440', 'no DER', { 'client-cert': ':AAAA:' }],
    ['nginx', 'bad escapes', { 'x-ssl-client-cert': '%E0%A4%A' }],
    ['nginx', 'two at once', { 'x-ssl-client-cert': escaped(chained(leaf, leaf)) }],
    ['nginx', 'PEM of something else', { 'x-ssl-client-cert': encodeURIComponent(leaf.key) }],
    ['envoy', 'a hash only', { 'x-forwarded-client-cert': `Hash=${leaf.fingerprint};Subject="CN=orders"` }],
    ['envoy', 'the certificate of a hop before', { 'x-forwarded-client-cert': `Cert="${escaped(leaf)}",Hash=ab` }],
    ['envoy', 'two certificates', { 'x-forwarded-client-cert': `Cert="${escaped(leaf)}";Cert="${escaped(leaf)}"` }],
    [
      'envoy',
      'the chain of another',
      { 'x-forwarded-client-cert': `Cert="${escaped(leaf)}";Chain="${escaped(intermediate.identity)}"` },
    ],
    ['envoy', 'an open quote', { 'x-forwarded-client-cert': `Cert="${escaped(leaf)}` }],
  ])('in the format %s is refused with %s', async (format, _what, headers) => {
    expect(told(await (await behindProxy(format)).app.client(headers).get('/auth/me'))).toEqual(REFUSED);
  });

  it('of Envoy may bring its chain, and is one proxy’s', async () => {
    const below = intermediate.issue();
    const chain = escaped(chained(below, intermediate.identity));
    const { app } = await behindProxy('envoy');
    const send = (value: string) => app.client({ 'x-forwarded-client-cert': value }).get('/auth/me');
    expect((await send(`Cert="${escaped(below)}";Chain="${chain}"`)).status).toBe(200);
    expect((await send(`Chain="${chain}"`)).status).toBe(200);
    expect((await send(`By="a,\\"b";Cert="${escaped(leaf)}";URI=urn:a`)).status).toBe(200);
    // What a client's own name in its certificate could add, written as it is.
    expect(told(await send(`Cert="${escaped(below)}";URI=urn:a,Cert="${escaped(leaf)}"`))).toEqual(REFUSED);
  });

  /** One of each format, with the service that the leaf stands for. */
  const running = new Map<string, Promise<{ app: TlsApp; id: string }>>();
  afterAll(async () => {
    for (const one of running.values()) await (await one).app.close();
  });
  function behindProxy(mtlsHeader: keyof typeof PASSED_ON): Promise<{ app: TlsApp; id: string }> {
    const boot = async () => {
      const app = await bootTls('fastify', { ...trusting, mtlsHeader });
      return { app, id: await app.service([SUBJECT]) };
    };
    const one = running.get(mtlsHeader) ?? boot();
    running.set(mtlsHeader, one);
    return one;
  }

  it.each([
    ['a header without a proxy that may send it', { mtlsHeader: 'nginx' }, 'MTLS_HEADER'],
    ['a name of a header without its format', { mtlsHeaderName: 'x-cert' }, 'MTLS_HEADER_NAME'],
    ['nobody to trust', { mtlsAnchors: [] }, 'MTLS_ANCHORS'],
    ['an anchor twice', { mtlsAnchors: ['a=b', 'a=c'] }, 'MTLS_ANCHORS'],
    ['a list of no anchor', { mtlsCrls: ['b=c'] }, 'MTLS_CRLS'],
    ['a proxy that is everyone', { trustedProxies: ['0.0.0.0/0'] }, 'TRUSTED_PROXIES'],
  ])('stops the start with %s', async (_what, wrong, variable) => {
    await expect(bootTls('fastify', { ...anchors, ...(wrong as object) })).rejects.toThrow(variable);
  });
});

(hasNginx() ? describe : describe.skip)('behind a real nginx', () => {
  let nginx: Nginx;
  let app: TlsApp;
  let id: string;
  beforeAll(async () => {
    app = await bootTls('fastify', { ...trusting, mtlsHeader: 'nginx' });
    id = await app.service([SUBJECT]);
    nginx = await startNginx(
      app.url,
      root,
      serverIdentity(),
      'proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;',
    );
  });
  afterAll(async () => {
    await nginx?.close();
    await app.close();
  });
  const through = (identity?: Identity, headers?: Record<string, string>, version?: 'TLSv1.2' | 'TLSv1.3') =>
    call(`${nginx.url}/auth/me`, { identity, headers, version });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a service is recognised by the certificate it showed to the proxy by %s',
    async (version) => {
      const reply = await through(leaf, {}, version);
      expect([reply.status, reply.protocol, reply.body.user.id]).toEqual([200, version, id]);
    },
  );

  it('who shows none, one that has expired, or one of another authority of that name is refused', async () => {
    const impostor = new Authority('/CN=Behind the proxy').issue();
    const plain = new Authority('/CN=orders', undefined, { eku: 'clientAuth' }).identity;
    for (const wrong of [undefined, intermediate.issue()]) expect(told(await through(wrong))).toEqual(REFUSED);
    // These nginx refuses itself, by its 400.
    for (const wrong of [root.issue(EXPIRED), impostor, plain]) {
      expect([400, 401]).toContain((await through(wrong)).status);
    }
  });

  it('the header that a client sends itself does not get through', async () => {
    expect(told(await through(undefined, PASSED_ON.nginx))).toEqual(REFUSED);
    const other = root.issue({ subject: '/CN=stranger' });
    expect(told(await through(other, PASSED_ON.nginx))).toEqual(REFUSED);
  });
});
