import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { Machines } from '../lab/races/machines.js';
import { expectedExtent } from './decided-table.js';
import { expected, SCOPE } from './holder.js';

/** What can happen to a machine: it has no mailbox, no password, no session and no factor. */
const HAPPENINGS = [
  { event: 'roles_changed', method: 'PUT', path: '/roles', body: { roles: ['clerk'] } },
  { event: 'logged_out_by_admin', method: 'POST', path: '/logout', body: undefined },
  { event: 'banned', method: 'POST', path: '/ban', body: {} },
  { event: 'deleted', method: 'DELETE', path: '', body: undefined },
] as const;

describe('the key and the certificate of a machine', () => {
  let app: AuthTestApp;
  let machines: Machines;
  let admin: TestUser;
  beforeAll(async () => {
    machines = await Machines.make();
    const strategies = { authStrategies: ['session', 'api-key', 'mtls'], apiKeyScopes: [SCOPE] };
    app = await bootWithMadeUsers({ ...strategies, ...machines.trusted });
    admin = await app.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(async () => {
    await app.close();
    machines.remove();
  });
  afterEach(async () => {
    const { users } = await expected(200, admin.get('/admin/users?kind=service'));
    for (const { id } of users) await expected(204, admin.delete(`/admin/users/${id}`));
  });

  const make = async () => {
    const { id } = await expected(201, admin.post('/admin/users', { kind: 'service', name: 'nightly import' }));
    const name = { anchor: 'machines', kind: 'subject', value: Machines.SUBJECT, scopes: [SCOPE] };
    await expected(201, admin.post(`/admin/users/${id}/certificate-names`, name));
    const order = { name: 'a key', scopes: [SCOPE] };
    const { apiKey } = await expected(201, admin.post(`/admin/users/${id}/api-keys`, order));
    const { header } = await machines.certificate();
    const statuses = async () => {
      const byKey = await app.client({ 'x-api-key': apiKey }).get('/example/scoped');
      const byCertificate = await app.client({ 'client-cert': header }).get('/example/scoped');
      return { apiKeys: byKey.status, certificates: byCertificate.status };
    };
    expect(await statuses()).toEqual({ apiKeys: 200, certificates: 200 });
    return { id, statuses };
  };
  const wanted = (event: string, column: string) => (expectedExtent(event, column) === 'all' ? 401 : 200);

  it.each(HAPPENINGS)(
    '$event: end by the table, and are refused while a ban lasts',
    async ({ event, ...requested }) => {
      const { id, statuses } = await make();
      const { status } = await admin.request(requested.method, `/admin/users/${id}${requested.path}`, requested.body);
      expect([200, 204]).toContain(status);
      if (event === 'banned') {
        for (const [, refused] of Object.entries(await statuses())) expect([401, 403]).toContain(refused);
        await expected(204, admin.post(`/admin/users/${id}/unban`));
      }
      const seen = await statuses();
      for (const column of ['apiKeys', 'certificates'] as const)
        expect([column, seen[column]]).toEqual([column, wanted(event, column)]);
    },
  );

  it('all_revoked: the key ends, the certificate goes on', async () => {
    const { statuses } = await make();
    await expected(204, admin.post('/admin/revoke-all', {}));
    admin = await app.logInAgain(admin);
    const [apiKeys, certificates] = ['apiKeys', 'certificates'].map((column) => wanted('all_revoked', column));
    expect(await statuses()).toEqual({ apiKeys, certificates });
    expect([apiKeys, certificates]).toEqual([401, 200]);
  });
});
