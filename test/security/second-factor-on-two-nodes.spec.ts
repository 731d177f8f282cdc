import { TestClient, type TestReply } from '../../src/testing/index.js';
import { codeAt, type ProtectedUser, protectedUser } from '../flows/authenticator-app.js';
import { overStores, STORES } from '../flows/combinations.js';
import { Fleet } from '../flows/several-nodes.js';
import { expected } from './holder.js';

const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);
const WRONG = '000000';

overStores(
  (sessionStore) => {
    describe('a second factor at two nodes', () => {
      let fleet: Fleet;
      beforeAll(async () => {
        fleet = await Fleet.start(2, { sessionStore, authStrategies: ['session'] });
      });
      afterAll(() => fleet.stop());

      const advance = (seconds: number) => {
        for (const { clock } of fleet.nodes) clock.advance(seconds);
      };
      const holder = async () => {
        const ada = await protectedUser(fleet.nodes[0]!);
        // The first node's clock has moved alone so far.
        const apart = fleet.nodes[0]!.clock.now().getTime() - fleet.nodes[1]!.clock.now().getTime();
        fleet.nodes[1]!.clock.advance(apart / 1000);
        return ada;
      };
      /** Of a step that was not used before. */
      const code = (ada: ProtectedUser) => {
        advance(30);
        return codeAt(ada.secret, fleet.nodes[0]!.clock.now());
      };
      const at = (node: number, client?: TestClient) => {
        const there = new TestClient(fleet.nodes[node]!.url);
        return client ? client.copyInto(there) : there;
      };
      /** In a browser of its own, unless one is given. */
      const begin = async (node: number, { email, password }: ProtectedUser, browser = at(node)) => {
        const { status, loginToken } = await expected(200, browser.post('/auth/login', { email, password }));
        const give = (there: number, code: string, client = at(there, browser)) =>
          client.post('/auth/login/factor', { loginToken, factor: 'totp', code, rememberDevice: true });
        return { status, give };
      };

      it('finishes a login that the other node began, once, however many answer it at both', async () => {
        const ada = await holder();
        const { give } = await begin(0, ada);
        const right = code(ada);
        const replies = await Promise.all([1, 0, 1].map((node) => give(node, right)));
        const outcomes = replies.map(told);
        expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(1);
        expect(outcomes.filter((outcome) => outcome !== 200 && !/^4/.test(String(outcome)))).toEqual([]);
        expect(told(await give(1, code(ada)))).toMatch(/^401/);
      });

      it('takes one code once, in two logins at two nodes', async () => {
        const ada = await holder();
        const logins = await Promise.all([begin(0, ada), begin(1, ada)]);
        const right = code(ada);
        const replies = await Promise.all(logins.map(({ give }, node) => give(node, right)));
        expect(replies.map(told).filter((outcome) => outcome === 200)).toHaveLength(1);
      });

      it('has one budget: wrong codes at both count together, and hold at both', async () => {
        const ada = await holder();
        let looked = 0;
        for (let i = 0; i < 24; i += 1) {
          const { give } = await begin(i % 2, ada);
          const outcome = told(await give((i + 1) % 2, WRONG));
          if (outcome === '401 invalid_credentials') looked += 1;
          else expect(outcome).toBe('429 rate_limited');
        }
        expect(looked).toBeLessThanOrEqual(10);
        for (const node of [0, 1]) {
          const { give } = await begin(node, ada);
          expect(told(await give(node, code(ada)))).toBe('429 rate_limited');
        }
      });

      it('has no more looked at when all come at once at both nodes', async () => {
        const ada = await holder();
        const logins = await Promise.all(Array.from({ length: 24 }, (_, i) => begin(i % 2, ada)));
        const replies = await Promise.all(logins.map(({ give }, i) => give((i + 1) % 2, WRONG)));
        const outcomes = replies.map(told);
        expect(outcomes.filter((outcome) => outcome === '401 invalid_credentials').length).toBeLessThanOrEqual(10);
        expect(outcomes.filter((outcome) => !/^(401|429)/.test(String(outcome)))).toEqual([]);
      });

      it('is not asked of a browser that the other node remembers, and is at both once one has forgotten it', async () => {
        const ada = await holder();
        const laptop = at(1);
        const { give } = await begin(1, ada, laptop);
        await expected(200, give(1, code(ada), laptop));
        for (const node of [0, 1]) expect((await begin(node, ada, at(node, laptop))).status).toBe('authenticated');
        await expected(204, fleet.at(0, ada.user).post('/auth/logout-all', {}));
        for (const node of [1, 0]) expect((await begin(node, ada, at(node, laptop))).status).toBe('factor_required');
      });

      it('is over at both with the login it belongs to, when all sessions end at one', async () => {
        const ada = await holder();
        const { give } = await begin(0, ada);
        const right = code(ada);
        const other = fleet.at(1, ada.user);
        await expected(204, other.post('/auth/logout-all', {}));
        for (const node of [0, 1]) expect(told(await give(node, right))).toMatch(/^401/);
      });
    });
  },
  STORES.filter((store) => store === 'postgres' || store === 'memcached'),
);
