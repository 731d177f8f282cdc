import type { TestUser } from '../../../src/testing/index.js';
import { overStores } from '../../flows/combinations.js';
import { Fleet } from '../../flows/several-nodes.js';
import { Granting } from '../../oauth/granting.js';

const ROUNDS = 8;

overStores((store) => {
  let fleet: Fleet;
  let here: Granting;
  let there: Granting;
  let clientId: string;
  let admin: TestUser;
  beforeAll(async () => {
    fleet = await Fleet.start(2, { authStrategies: ['session'], sessionStore: store, newDeviceNotice: false });
    [here, there] = fleet.nodes.map((node) => new Granting(node)) as [Granting, Granting];
    clientId = await here.client();
    admin = await fleet.nodes[0]!.logIn({ changes: { roles: ['admin'] } });
  });
  afterAll(() => fleet.stop());

  const goodAnywhere = async (id: string) => {
    const good = await Promise.all([here, there].map((node) => node.isGood(id)));
    return good.some(Boolean);
  };
  /** Known to both nodes, so that only what they are told can make them forget it. */
  const known = async (user: TestUser, on: 'session' | 'offline') => {
    const id = await here.grant(user, clientId, on);
    for (const node of [here, there]) {
      expect(await node.isGood(id)).toBe(true);
      expect(await node.isGood(id)).toBe(true);
    }
    return id;
  };
  const asAdmin =
    (path: string, method = 'POST', body: unknown = {}) =>
    (user: TestUser) =>
      admin.request(method, `/admin/users/${user.userId}${path}`, body);
  const sessionEnds: [string, (user: TestUser) => Promise<unknown>][] = [
    ['a logout', (user) => user.post('/auth/logout')],
    ['a logout everywhere', (user) => user.post('/auth/logout-all', {})],
  ];
  const allEnd: [string, (user: TestUser) => Promise<unknown>][] = [
    ['a ban', asAdmin('/ban')],
    ['an admin’s logout', asAdmin('/logout')],
    ['deletion', asAdmin('', 'DELETE', undefined)],
    [
      'an admin’s change of the address',
      (user) => asAdmin('', 'PATCH', { email: `moved-${user.userId}@example.com` })(user),
    ],
    ['a reset of factors', asAdmin('/factor-reset')],
  ];

  it.each([...sessionEnds, ...allEnd])('%s is over on both nodes when it is answered', async (_how, end) => {
    const user = await fleet.nodes[0]!.logIn();
    const id = await known(user, 'session');
    await end(user);
    expect(await goodAnywhere(id)).toBe(false);
  });

  it.each(allEnd)('%s ends what goes on without a session, on both nodes', async (_how, end) => {
    const user = await fleet.nodes[0]!.logIn();
    const id = await known(user, 'offline');
    await end(user);
    expect(await goodAnywhere(id)).toBe(false);
  });

  it('end, a withdrawn consent and a disabled client are over on both nodes when they are answered', async () => {
    const user = await fleet.nodes[0]!.logIn();
    const ended = await known(user, 'offline');
    await there.grants.end(ended, 'user');
    expect(await goodAnywhere(ended)).toBe(false);
    for (const on of ['offline', 'session'] as const) {
      const withdrawn = await known(user, on);
      await there.consents.give(await here.owner(user), clientId, { openid: ['openid'] });
      expect(await there.consents.withdraw(user.userId, clientId)).toBe(true);
      expect(await goodAnywhere(withdrawn)).toBe(false);
    }
    const client = await here.client();
    const id = await here.grant(user, client, 'offline');
    for (const node of [here, there]) expect(await node.isGood(id)).toBe(true);
    await there.disable(client);
    expect(await goodAnywhere(id)).toBe(false);
  });

  it('a revoked token is known as such on both nodes when it is answered', async () => {
    const id = await known(await fleet.nodes[0]!.logIn(), 'session');
    await here.grants.revokeToken(`grant:${id}`, 'one', fleet.nodes[0]!.clock.in(300));
    for (const node of [here, there]) expect((await node.grants.judge(id))?.revokedJtis.size).toBe(1);
  });

  it.each([
    ...sessionEnds.map((one) => [...one, 'session'] as const),
    ...allEnd.flatMap((one) => [[...one, 'session'] as const, [...one, 'offline'] as const]),
  ])('no grant that is made while %s is under way outlives it', async (_how, end, on) => {
    let refused = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await fleet.nodes[0]!.logIn();
      const [owner, sessionId] = [await here.owner(user), await here.sessionOf(user)];
      const wanted = { clientId, user: owner, sessionId: on === 'session' ? sessionId : null, payload: {} };
      const making = Promise.all(
        [here, there, here, there].map(async (node, i) => {
          await pause(i * round);
          return node.grants.create(wanted);
        }),
      );
      await pause(round);
      await end(user);
      for (const id of await making) {
        if (id === null) refused += 1;
        else expect([_how, on, await goodAnywhere(id)]).toEqual([_how, on, false]);
      }
    }
    // Else nothing was raced.
    expect(refused).toBeGreaterThan(0);
  });

  it.each(sessionEnds)('on both nodes a session allows nothing without end once %s is answered', async (_how, end) => {
    const user = await fleet.nodes[0]!.logIn();
    const [owner, sessionId] = [await here.owner(user), await here.sessionOf(user)];
    const wanted = { clientId, user: owner, sessionId: null, by: { sessionId }, payload: {} };
    for (const node of [here, there]) expect(await node.grants.create(wanted)).not.toBeNull();
    await end(user);
    for (const node of [here, there]) {
      expect(await node.grants.create(wanted)).toBeNull();
      expect(await node.consents.give(owner, clientId, { openid: ['openid'] }, { sessionId })).toBe(false);
    }
  });

  it('no grant that needs a consent outlives the withdrawal that it was made beside', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await fleet.nodes[0]!.logIn();
      const owner = await here.owner(user);
      await here.consents.give(owner, clientId, { openid: ['openid'] });
      const wanted = { clientId, user: owner, sessionId: null, payload: {}, needsConsent: true };
      const making = Promise.all(
        [here, there].map(async (node) => {
          await pause(round % 4);
          return node.grants.create(wanted);
        }),
      );
      await pause(round % 5);
      await there.consents.withdraw(user.userId, clientId);
      for (const id of await making) if (id !== null) expect(await goodAnywhere(id)).toBe(false);
      expect(await here.grants.create(wanted)).toBeNull();
    }
  });

  it('of two consents at once neither is lost', async () => {
    const user = await fleet.nodes[0]!.logIn();
    const owner = await here.owner(user);
    const api = 'https://api.example.com';
    await Promise.all([
      here.consents.give(owner, clientId, { openid: ['openid', 'email'] }),
      there.consents.give(owner, clientId, { openid: ['openid', 'profile'], [api]: ['read'] }),
      here.consents.give(owner, clientId, { [api]: ['write'] }),
    ]);
    expect(await there.consents.find(user.userId, clientId)).toEqual({
      openid: ['email', 'openid', 'profile'],
      [api]: ['read', 'write'],
    });
  });

  it('go on in the browser that steps up, changes its password or logs all others out, and nowhere else', async () => {
    const newPassword = 'seventeen quiet otters';
    const change = (user: TestUser) =>
      user.post('/auth/password/change', { currentPassword: user.password, newPassword });
    const steps = [
      { others: true, goesOn: true, step: (user: TestUser) => user.post('/auth/step-up', { password: user.password }) },
      { others: false, goesOn: true, step: (user: TestUser) => user.post('/auth/logout-all', { keepCurrent: true }) },
      { others: false, goesOn: false, step: change },
    ];
    for (const { others: othersGoOn, goesOn, step } of steps) {
      const user = await fleet.nodes[0]!.logIn();
      const other = await fleet.nodes[0]!.logInAgain(user);
      const [own, others, offline] = [
        await known(user, 'session'),
        await known(other, 'session'),
        await known(user, 'offline'),
      ];
      expect((await step(user)).status).toBeLessThan(300);
      for (const node of [here, there]) {
        expect(await node.isGood(own)).toBe(true);
        expect(await node.isGood(others)).toBe(othersGoOn);
        expect(await node.isGood(offline)).toBe(goesOn);
      }
      expect((await here.grants.judge(own))?.sessionId).toBe(await here.sessionOf(user));
      await user.post('/auth/logout');
      expect(await goodAnywhere(own)).toBe(false);
    }
  });

  it('no node refuses for a moment what moves to the session that follows', async () => {
    const user = await fleet.nodes[0]!.logIn();
    const id = await known(user, 'session');
    let isDone = false;
    const asking = [here, there].map(async (node) => {
      let asked = 0;
      for (; !isDone; asked += 1) {
        expect(await node.isGood(id)).toBe(true);
        await pause(0);
      }
      return asked;
    });
    for (let i = 0; i < 10; i += 1)
      expect((await user.post('/auth/step-up', { password: user.password })).status).toBe(200);
    isDone = true;
    for (const asked of await Promise.all(asking)) expect(asked).toBeGreaterThan(20);
  });
});

/** So that of two things at once now the one is ahead, now the other. */
async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn <= turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
