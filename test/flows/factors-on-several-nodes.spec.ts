import { codeAt, type ProtectedUser, protectedUser } from './authenticator-app.js';
import { Fleet } from './several-nodes.js';

describe('R-05 at three nodes', () => {
  let fleet: Fleet;
  let ada: ProtectedUser;
  beforeAll(async () => {
    fleet = await Fleet.start(3, { factorAttemptsPerUser: 1000, secondFactorRoles: [] });
    ada = await protectedUser(fleet.nodes[0]!);
    for (const { clock } of fleet.nodes) clock.advance(60);
  }, 60_000);
  afterAll(() => fleet.stop());

  async function halves(count: number) {
    return Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const client = fleet.nodes[i % 3]!.client();
        const { email, password } = ada;
        const { body } = await client.post('/auth/login', { email, password });
        return { client, loginToken: body.loginToken as string };
      }),
    );
  }

  const proveAll = async (begun: Awaited<ReturnType<typeof halves>>, factor: string, code: string) =>
    Promise.all(begun.map(({ client, loginToken }) => client.post('/auth/login/factor', { loginToken, factor, code })));

  it('thirty uses of one TOTP step have one winner, and of one recovery code', async () => {
    const code = codeAt(ada.secret, fleet.nodes[0]!.clock.now());
    const byTotp = await proveAll(await halves(30), 'totp', code);
    expect(byTotp.filter(({ status }) => status === 200)).toHaveLength(1);
    const byPaper = await proveAll(await halves(30), 'recovery_code', ada.recoveryCodes[0]!);
    expect(byPaper.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = [...byTotp, ...byPaper].filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401]));
  });

  it('five uses of one half-login, each with a proof of its own, have one winner', async () => {
    const [{ client, loginToken }] = (await halves(1)) as [Awaited<ReturnType<typeof halves>>[0]];
    const replies = await Promise.all(
      ada.recoveryCodes.slice(1, 6).map((code, i) => {
        const elsewhere = client.copyInto(fleet.nodes[i % 3]!.client());
        return elsewhere.post('/auth/login/factor', { loginToken, factor: 'recovery_code', code });
      }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
