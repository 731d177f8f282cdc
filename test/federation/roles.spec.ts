import { type AuthTestApp, type FakePerson, type FakeProvider, startFakeProvider } from '../../src/testing/index.js';
import { takeTokens } from '../flows/authenticator-app.js';
import { overStrategies } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { endOf, Federation } from './setting.js';

const RETURN = 'http://localhost:3000/done';
const MAP = { Staff: 'staff', Editors: 'editor', Bosses: 'admin' };
const URL_CLAIM = 'https://example.com/claims.v2/roles';

let people = 0;

overStrategies((strategy) => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  const settings = { vouchesForEmail: true, jitProvisioning: 'on' } as const;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: [strategy], mailPollSeconds: 3600, secondFactorRoles: ['boss'] });
    provider = await startFakeProvider({ clock: app.clock });
    on = new Federation(app);
    await on.connect(provider, { slug: 'follows', ...settings, roles: { claim: 'groups', map: MAP, when: 'login' } });
    await on.connect(provider, { slug: 'also', ...settings, roles: { claim: 'others', map: MAP, when: 'login' } });
    await on.connect(provider, { slug: 'once', ...settings, roles: { claim: 'groups', map: MAP } });
    await on.connect(provider, { slug: 'path', ...settings, roles: { claim: 'realm_access.roles', map: MAP } });
    await on.connect(provider, { slug: 'url', ...settings, roles: { claim: URL_CLAIM, map: MAP } });
    const mixed = { claim: `${URL_CLAIM}.inner`, map: MAP };
    await on.connect(provider, { slug: 'mixed', ...settings, roles: mixed });
    await app.actAs({ roles: ['admin'] });
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  const somebody = (claims: object = {}): FakePerson =>
    provider.addPerson({ email: `role-${strategy}-${++people}@example.com`, claims: { ...claims } });

  /** Logs in, with these claims from now on. */
  async function logIn(slug: string, person: FakePerson, claims: object) {
    provider.chosen = { ...person, claims: { ...claims } };
    const browser = app.client();
    const { said } = endOf(await on.logIn(browser, slug, { returnTo: RETURN }));
    if (strategy === 'jwt') takeTokens(browser, await browser.post('/auth/refresh'));
    return { said, browser, roles: await rolesOf(person) };
  }

  async function rolesOf({ email }: FakePerson): Promise<string[]> {
    const [user] = await on.tables.query('SELECT roles FROM coatcheck.users WHERE email = $1', [email]);
    return [...user.roles].sort();
  }

  const give = async ({ email }: FakePerson, roles: string[]) =>
    on.tables.query('UPDATE coatcheck.users SET roles = $2 WHERE email = $1', [email, roles]);

  it('are given and taken back as the provider says, at each login', async () => {
    const person = somebody();
    expect((await logIn('follows', person, { groups: ['Staff'] })).roles).toEqual(['staff']);
    expect((await logIn('follows', person, { groups: ['Editors'] })).roles).toEqual(['editor']);
    expect((await logIn('follows', person, { groups: ['Editors', 'Staff', 'none'] })).roles).toEqual([
      'editor',
      'staff',
    ]);
    expect((await logIn('follows', person, {})).roles).toEqual([]);
    const { browser, roles } = await logIn('follows', person, { groups: 'Staff' });
    expect(roles).toEqual(['staff']);
    expect((await browser.get('/auth/me')).body.user.roles).toEqual(['staff']);
  });

  it('an admin’s role that is taken back there is none in any session, at the next request', async () => {
    const person = somebody();
    const { browser } = await logIn('follows', person, { groups: ['Bosses'] });
    expect((await browser.get('/admin/users')).status).toBe(200);
    await logIn('follows', person, { groups: [] });
    if (strategy === 'jwt') {
      expect((await browser.get('/admin/users')).status).toBe(401);
      takeTokens(browser, await browser.post('/auth/refresh'));
    }
    expect((await browser.get('/admin/users')).status).toBe(403);
  });

  it('those that an admin has given here stay', async () => {
    const person = somebody();
    await logIn('follows', person, {});
    await give(person, ['staff', 'own']);
    expect((await logIn('follows', person, { groups: ['Staff', 'Editors'] })).roles).toEqual([
      'editor',
      'own',
      'staff',
    ]);
    expect((await logIn('follows', person, { groups: [] })).roles).toEqual(['own', 'staff']);
  });

  it('what an admin takes away here is given again as long as the map says it, and noted once', async () => {
    const person = somebody();
    await logIn('follows', person, { groups: ['Bosses', 'Staff'] });
    await give(person, ['staff']);
    expect((await logIn('follows', person, { groups: ['Bosses', 'Staff'] })).roles).toEqual(['admin', 'staff']);
    const sql = `SELECT roles_given AS given FROM coatcheck.federated_identities AS login
      JOIN coatcheck.users ON users.id = login.user_id WHERE users.email = $1`;
    const [{ given }] = await on.tables.query(sql, [person.email]);
    expect([...given].sort()).toEqual(['admin', 'staff']);
    await give(person, []);
    expect((await logIn('follows', person, {})).roles).toEqual([]);
    // By hand, once the linked login gives it no more.
    await give(person, ['admin']);
    expect((await logIn('follows', person, {})).roles).toEqual(['admin']);
  });

  it('those that another linked login gives as well stay as long as it does', async () => {
    const person = somebody();
    await logIn('follows', person, { groups: ['Staff'] });
    // Of the same address: linked by itself, and counted for itself once the first has let go.
    expect((await logIn('also', person, { others: ['Editors'] })).roles).toEqual(['editor', 'staff']);
    expect((await logIn('follows', person, { groups: ['Editors'] })).roles).toEqual(['editor']);
    expect((await logIn('follows', person, {})).roles).toEqual(['editor']);
    expect((await logIn('also', person, {})).roles).toEqual([]);
  });

  it('by default they are given as the account is made, and never again', async () => {
    const person = somebody();
    expect((await logIn('once', person, { groups: ['Staff'] })).roles).toEqual(['staff']);
    expect((await logIn('once', person, { groups: ['Bosses'] })).roles).toEqual(['staff']);
    expect((await logIn('once', person, {})).roles).toEqual(['staff']);
  });

  it('the last admin stays one, and is let in', async () => {
    const person = somebody();
    await logIn('follows', person, { groups: ['Bosses'] });
    const rest = `UPDATE coatcheck.users SET roles = array_remove(roles, 'admin') WHERE email <> $1`;
    await on.tables.query(rest, [person.email]);
    expect(await logIn('follows', person, {})).toMatchObject({ said: {}, roles: ['admin'] });
    await app.actAs({ roles: ['admin'] });
    expect((await logIn('follows', person, {})).roles).toEqual([]);
  });

  it('a user who unlinks a login keeps none that it gave', async () => {
    const person = somebody();
    const { browser } = await logIn('follows', person, { groups: ['Staff', 'Bosses'] });
    const { body } = await browser.get('/auth/me');
    // Another way in, and a role by hand.
    await on.tables.query(`UPDATE coatcheck.users SET roles = roles || '{own}' WHERE id = $1`, [body.user.id]);
    await logIn('also', person, {});
    const { identities } = (await browser.get('/auth/identities')).body;
    const { id } = identities.find(({ connection }: { connection: string }) => connection === 'follows');
    expect((await browser.delete(`/auth/identities/${id}`, { 'content-type': 'application/json' })).status).toBe(204);
    expect(await rolesOf(person)).toEqual(['own']);
  });

  it('no user is given any whose address is not proven here', async () => {
    const person = somebody();
    await logIn('follows', person, {});
    await on.tables.query('UPDATE coatcheck.users SET email_verified_at = NULL WHERE email = $1', [person.email]);
    await logIn('follows', { ...person, emailVerified: false }, { groups: ['Bosses'] });
    expect(await rolesOf(person)).toEqual([]);
  });

  it('a claim is found by its name, and by a path; never in what every object has', async () => {
    const roles = ['Staff'];
    expect((await logIn('path', somebody(), { realm_access: { roles } })).roles).toEqual(['staff']);
    expect((await logIn('path', somebody(), { 'realm_access.roles': roles })).roles).toEqual(['staff']);
    expect((await logIn('url', somebody(), { [URL_CLAIM]: roles })).roles).toEqual(['staff']);
    expect((await logIn('mixed', somebody(), { [URL_CLAIM]: { inner: roles } })).roles).toEqual(['staff']);
    expect((await logIn('path', somebody(), { realm_access: 'roles' })).roles).toEqual([]);
    expect((await logIn('path', somebody(), { realm_access: [{ roles }] })).roles).toEqual([]);
  });

  it('a claim that the ID token leaves open is asked of userinfo, and found there', async () => {
    provider.wrong = { userinfo: { realm_access: { roles: ['Staff'] } } };
    expect((await logIn('path', somebody(), {})).roles).toEqual(['staff']);
    provider.wrong = {};
  });

  it('of many logins at once, each leaves the roles that one of them says', async () => {
    const person = somebody();
    await logIn('follows', person, {});
    const claims = [{ groups: ['Staff'] }, { groups: ['Editors'] }];
    await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const browser = app.client();
        const url = await on.begin(browser, 'follows', { returnTo: RETURN });
        provider.chosen = { ...person, claims: claims[i % 2]! };
        return on.follow(browser, await on.answer(url));
      }),
    );
    expect([['staff'], ['editor']]).toContainEqual(await rolesOf(person));
    expect((await logIn('follows', person, {})).roles).toEqual([]);
  });
});
