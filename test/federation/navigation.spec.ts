import { ConnectionAdmin } from '../../src/factors/federated/connections/connection-admin.js';
import { type FakeProvider, startFakeProvider } from '../../src/testing/index.js';
import { bootPages, type PagesUnderTest } from '../pages/boot-pages.js';
import { Federation } from './setting.js';

const BY_NOBODY = { actorId: null, origin: null };

let pages: PagesUnderTest;
let provider: FakeProvider;
beforeAll(async () => {
  pages = await bootPages();
  provider = await startFakeProvider({ clock: pages.app.clock });
});
afterAll(async () => {
  await pages.close();
  await provider.stop();
});

it('linked logins stand in the navigation while there is a connection, or a login that is linked still', async () => {
  const on = new Federation(pages.app);
  const visitor = await pages.as();
  const isShown = async () => {
    // Whatever has changed, the node has read it by then.
    await pages.visitor().open('/sign-in');
    return (await visitor.open('/account')).html.includes('href="/account/identities"');
  };
  const remove = (id: string) => pages.app.app.get(ConnectionAdmin, { strict: false }).remove(id, BY_NOBODY);
  expect(await isShown()).toBe(false);
  expect((await visitor.open('/account/identities')).html).toContain('href="/account/identities"');
  const id = await on.connect(provider, { slug: 'them' });
  expect(await isShown()).toBe(true);
  await remove(id);
  expect(await isShown()).toBe(false);
  // Of the file, and taken out of it: what is linked stays, and its user may unlink it.
  const user = await pages.app.logIn();
  await on.tables.query(
    `INSERT INTO coatcheck.federated_identities (id, user_id, connection_id, issuer, subject, linked_at)
     VALUES (gen_random_uuid(), $1, 'file:gone', 'https://gone.example', 'x', now())`,
    [user.userId],
  );
  await remove(await on.connect(provider, { slug: 'them' }));
  expect(await isShown()).toBe(true);
});
