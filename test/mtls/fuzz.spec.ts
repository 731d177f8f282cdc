import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { Authority, removeFolders } from './authority.js';
import { bootTls, type TlsApp } from './tls-app.js';

const root = new Authority('/CN=Fuzzed');
const leaf = root.issue({ names: ['DNS:orders.example', 'URI:spiffe://example.org/orders', 'email:a@b.example'] });
const der = new X509Certificate(leaf.cert).raw;
afterAll(removeFolders);

const HEADERS = {
  rfc9440: (bytes: Buffer) => ({ 'client-cert': `:${bytes.toString('base64')}:` }),
  nginx: (bytes: Buffer) => ({ 'x-ssl-client-cert': encodeURIComponent(pem(bytes)) }),
  envoy: (bytes: Buffer) => ({ 'x-forwarded-client-cert': `Hash=ab;Cert="${encodeURIComponent(pem(bytes))}"` }),
};

/** The certificate with some bytes written over, cut out or put in. */
const damaged = fc
  .array(fc.record({ at: fc.nat(der.length - 1), take: fc.nat(2), put: fc.uint8Array({ maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((wounds) =>
    wounds.reduce(
      (bytes, { at, take, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + take)]),
      der,
    ),
  )
  .filter((bytes) => !bytes.equals(der));

describe.each(Object.keys(HEADERS) as (keyof typeof HEADERS)[])('a header in the format %s', (mtlsHeader) => {
  let app: TlsApp;
  beforeAll(async () => {
    app = await bootTls('fastify', {
      mtlsAnchors: [`default=${root.certFile}`],
      mtlsHeader,
      mtlsBindTokens: true,
      trustedProxies: ['127.0.0.1'],
    });
    await app.service([{ kind: 'dns', value: 'orders.example' }]);
    expect((await app.client(HEADERS[mtlsHeader](der)).get('/auth/me')).status).toBe(200);
  });
  afterAll(() => app.close());

  it('with a certificate of which one byte is different is 401, whichever it is (KEY-08)', async () => {
    const unknownKey = Buffer.from(der);
    // Its key is of an algorithm that is none.
    unknownKey[unknownKey.indexOf(Buffer.from('2a8648ce3d0201', 'hex'))] = 0;
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const { status, body } = await app.client(HEADERS[mtlsHeader](bytes)).get('/auth/me');
        expect([status, body.code]).toEqual([401, 'unauthenticated']);
      }),
      { numRuns: 150, examples: [[unknownKey]] },
    );
  });

  it('with whatever text makes no 5xx, neither at a protected route nor where tokens are handed out (KEY-07)', async () => {
    const [name] = Object.keys(HEADERS[mtlsHeader](der)) as [string];
    const text = fc.oneof(
      fc.string({ maxLength: 200 }).map((value) => value.replace(/[^\x20-\x7e]/g, '')),
      fc.stringMatching(/^[:;,="\\%A-Za-z0-9-]{1,80}$/),
      fc.constantFrom('%', '%00', ':', '::', ':=:', '""', 'Cert=', 'Cert="', 'Cert="%"', 'Chain=""', ',', ';', '('),
    );
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const client = app.client({ [name]: value, 'client-cert-chain': value });
        expect((await client.get('/auth/me')).status).toBe(401);
        const login = { email: 'a@b.example', password: 'x', strategy: 'jwt', transport: 'body' };
        expect([400, 401, 429]).toContain((await client.post('/auth/login', login)).status);
      }),
      { numRuns: 60 },
    );
  });
});

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
