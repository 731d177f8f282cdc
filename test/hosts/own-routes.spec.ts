import { randomUUID } from 'node:crypto';
import { oauthPaths } from '../../src/service/oauth-paths.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { ADAPTERS, bootBusyHost, URI_VERSIONS } from './busy-host.js';
import { type DocumentedOperation, ExportedDocument } from './exported-document.js';

/** All that need no certificates. */
const options = {
  authStrategies: ['session', 'jwt', 'api-key', 'oauth'],
  oauthInteractionUrl: 'http://localhost:3000/ask',
  usernames: true,
  mailLogin: 'both' as const,
  mailLoginUrl: 'http://localhost:3000/sign-in',
  webauthnRelatedOrigins: ['https://example.de'],
};

const JSON_TYPE = { 'content-type': 'application/json' };
/** Bodies that are no JSON, or more than either parser reads, with the status of the refusal. */
const UNREADABLE: readonly (readonly [string, number])[] = [
  ['{"email": ', 400],
  [JSON.stringify('a'.repeat(1_100_000)), 413],
];

/** They end the caller's session, or the caller. */
const LAST = ['logout', 'logoutAll', 'revokeAll', 'deleteMe'];

describe.each(ADAPTERS)(
  'in a host on %s that has pipes, interceptors, filters and serializers of its own',
  (adapter) => {
    let app: AuthTestApp;
    beforeAll(async () => {
      app = await bootBusyHost({ adapter, prefix: 'api', versioning: URI_VERSIONS, path: '/api/v1', options });
    });
    afterAll(() => app.close());

    it('the routes of the host are served as the host has it', async () => {
      const { status, body } = await app.client().get('/orders');
      expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining('data')]);
      expect((await app.client().get('/nowhere')).text).toContain('oops');
    });

    it('each of ours answers as the exported document says: to strangers, to nonsense, to its examples, and to an admin', async () => {
      const document = new ExportedDocument();
      const admin = await app.logIn({ changes: { roles: ['admin'] } });
      const wrong: string[] = [];
      const successful = new Set<string>();
      for (const operation of inOrder(document.operations())) {
        const address = operation.path.replace(/\{\w+\}/g, randomUUID());
        for (const [who, client] of Object.entries({ nobody: app.client(), admin })) {
          for (const body of operation.body === undefined ? [undefined] : [{ nonsense: 1 }, operation.body]) {
            const reply = await client.request(operation.method, address, body);
            const problems = document.contradictions(operation, reply);
            wrong.push(...problems.map((problem) => `${operation.method} ${operation.path} to ${who}: ${problem}`));
            if (reply.status < 300) successful.add(operation.operationId);
          }
        }
      }
      expect(wrong).toEqual([]);
      expect(successful.size).toBeGreaterThan(25);
    });

    it('names each field that is refused', () => expectNamedFields(app));

    it('a body that no parser can read is refused by the route it was sent to: as documented by ours, in its own words by the host', async () => {
      const document = new ExportedDocument();
      const operations = inOrder(document.operations()).filter(({ body }) => body !== undefined);
      const wrong: string[] = [];
      for (const operation of operations) {
        const address = operation.path.replace(/\{\w+\}/g, randomUUID());
        for (const [body, status] of UNREADABLE) {
          const reply = await app.client().request(operation.method, address, body, JSON_TYPE);
          const problems = [
            ...document.contradictions(operation, reply),
            ...(reply.status === status ? [] : [`${reply.status} instead of ${status}`]),
          ];
          wrong.push(...problems.map((problem) => `${operation.method} ${operation.path}: ${problem}`));
        }
      }
      expect(wrong).toEqual([]);
      expect(operations.length).toBeGreaterThan(25);
      for (const path of ['/orders', '/nowhere'])
        for (const [body, status] of UNREADABLE) {
          const reply = await app.client().post(path, body, JSON_TYPE);
          expect([path, reply.status, reply.body.oops ?? reply.text]).toEqual([path, status, expect.any(String)]);
          expect(reply.headers.get('content-type')).not.toContain('problem');
        }
    });

    it('finds the route whatever the case of its letters, a slash at the end and a query', async () => {
      const addresses =
        adapter === 'express' ? ['/AUTH/Login', '/auth/login/', '/auth/login?a=b'] : ['/auth/login?a=b'];
      for (const address of addresses) {
        const { status, body } = await app.client().post(address, '{', JSON_TYPE);
        expect([address, status, body.code]).toEqual([address, 400, 'validation_failed']);
      }
    });

    it('a body that cannot be read on a page is refused by a page', async () => {
      const { status, headers, text } = await app.client().post('/auth/email/verify/form', '{', JSON_TYPE);
      expect([status, headers.get('content-type')]).toEqual([400, expect.stringContaining('text/html')]);
      expect(text).toContain('</html>');
    });
  },
);

describe.each(ADAPTERS)('in a host on %s whose pipes and interceptors are made for each request', (adapter) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootBusyHost({ adapter, isScoped: true });
  });
  afterAll(() => app.close());

  it('the routes of the host are served as the host has it', async () => {
    const { status, body } = await app.client().get('/orders');
    expect([status, body]).toEqual([200, { payload: { data: {} } }]);
  });

  it('a user logs in and reads themselves', async () => {
    const ada = await app.logIn();
    const { status, body } = await ada.get('/auth/me');
    expect([status, body.user.id]).toEqual([200, ada.userId]);
    expect((await ada.get('/auth/sessions?limit=1')).body.sessions).toHaveLength(1);
  });

  it('names each field that is refused', () => expectNamedFields(app));
});

async function expectNamedFields(app: AuthTestApp): Promise<void> {
  const { status, body } = await app.client().post('/auth/login', {});
  expect([status, body.code]).toEqual([400, 'validation_failed']);
  expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['email', 'password']);
}

/** All that such a host has: health is the service's, and what the library of the provider answers no pipe or filter ever sees. */
function inOrder(all: readonly DocumentedOperation[]): DocumentedOperation[] {
  const ofLibrary = oauthPaths(true);
  const operations = all.filter(({ path }) => !/^\/health\/|\/certificate/.test(path) && !(path in ofLibrary));
  const isLast = ({ operationId }: DocumentedOperation) => LAST.includes(operationId);
  return [...operations.filter((one) => !isLast(one)), ...operations.filter(isLast)];
}
