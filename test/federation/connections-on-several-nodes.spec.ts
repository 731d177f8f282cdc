import { DomainRecords } from '../../src/factors/federated/connections/domain-records.js';
import { type FakeProvider, startFakeProvider, type TestUser } from '../../src/testing/index.js';
import { Fleet } from '../flows/several-nodes.js';
import { endOf, Federation } from './setting.js';

const RETURN = 'https://app.example.com/in';
const ROUNDS = 5;

/** What the rule is about is acknowledged: the very next request, at any node. */
describe('a connection, changed at one node of two', () => {
  let fleet: Fleet;
  let provider: FakeProvider;
  let admin: TestUser;
  let federations: Federation[];
  beforeAll(async () => {
    const options = { authStrategies: ['session'], corsOrigins: ['https://app.example.com'] };
    fleet = await Fleet.start(2, options, () => [{ provide: DomainRecords, useValue: { textsOf: async () => [] } }]);
    admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] } });
    provider = await startFakeProvider({ clock: fleet.nodes[0]!.clock });
    federations = fleet.nodes.map((node) => new Federation(node));
  });
  afterAll(async () => {
    await fleet?.stop();
    await provider?.stop();
  });

  const create = async (slug: string) => {
    const { issuer, clientId, clientSecret } = provider;
    const settings = { jitProvisioning: 'on', vouchesForEmail: true };
    const given = { slug, kind: 'oidc', issuer, clientId, clientSecret, settings };
    const reply = await fleet.at(0, admin).post('/admin/connections', given);
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.body.id as string;
  };
  const begins = (node: number, slug: string) =>
    federations[node]!.begin(fleet.nodes[node]!.client(), slug).then(
      () => true,
      () => false,
    );
  const logIn = async (node: number, slug: string) => {
    provider.chosen = provider.addPerson();
    const browser = fleet.nodes[node]!.client();
    const end = endOf(await federations[node]!.logIn(browser, slug, { returnTo: RETURN }));
    return { browser, end };
  };

  it(`is there, and is over, in the very next request at the other, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const slug = `round-${round}`;
      const id = await create(slug);
      expect([await begins(0, slug), await begins(1, slug)]).toEqual([true, true]);
      const logins = [await logIn(0, slug), await logIn(1, slug)];
      expect(logins.map(({ end }) => end.said)).toEqual([{}, {}]);
      const path = `/admin/connections/${id}`;
      const other = fleet.at(1, admin);
      expect((await (round % 2 ? other.patch(path, { disabled: true }) : other.delete(path))).status).toBeLessThan(300);
      expect([await begins(0, slug), await begins(1, slug)]).toEqual([false, false]);
      for (const { browser } of logins) expect((await browser.get('/auth/me')).body.code).toBe('session_ended');
    }
  });

  it('has no session left of logins that came back while it was disabled', async () => {
    const ROUNDS_OF_RACES = 4;
    for (let round = 0; round < ROUNDS_OF_RACES; round++) {
      const slug = `race-${round}`;
      const id = await create(slug);
      const under = await Promise.all(
        [0, 1, 0, 1].map(async (node) => {
          provider.chosen = undefined;
          const browser = fleet.nodes[node]!.client();
          const url = await federations[node]!.begin(browser, slug, { returnTo: RETURN });
          return { node, browser, url };
        }),
      );
      const answers: URL[] = [];
      for (const { url } of under) {
        provider.chosen = provider.addPerson();
        answers.push(await federations[0]!.answer(url));
      }
      const disabling = fleet.at(0, admin).patch(`/admin/connections/${id}`, { disabled: true });
      const followed = under.map(({ node, browser }, i) => federations[node]!.follow(browser, answers[i]!));
      expect((await disabling).status).toBe(200);
      const wentOn = await Promise.all(followed);
      for (const [i, { browser }] of under.entries()) {
        expect([303, 401]).toContain(wentOn[i]!.status);
        expect((await browser.get('/auth/me')).status).toBe(401);
      }
      const live = await federations[0]!.tables.query(
        `SELECT count(*)::integer AS count FROM coatcheck.federated_sessions held
           JOIN coatcheck.federated_logins login ON login.id = held.login_id
           JOIN coatcheck.sessions session ON session.id = held.session_id
          WHERE login.connection_id = $1 AND session.ended_at IS NULL`,
        [id],
      );
      expect(live).toEqual([{ count: 0 }]);
    }
  });
});
