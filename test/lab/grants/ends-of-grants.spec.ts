import { KINDS_OF_STORE } from '../../flows/combinations.js';
import { Fleet } from '../../flows/several-nodes.js';
import { ENDS, endUnderLoad, OAUTH, Setting } from '../../oauth/setting.js';
import { isLong } from '../harness/form.js';

const NODES = 3;
const ROUNDS = Number(process.env.LAB_ROUNDS ?? (isLong ? 100 : 3));

describe.each(KINDS_OF_STORE)(`grants that end under load at ${NODES} nodes, on the %s store`, (sessionStore) => {
  let fleet: Fleet;
  let nodes: Setting[];
  beforeAll(async () => {
    fleet = await Fleet.start(NODES, { ...OAUTH, sessionStore, databasePoolSize: 8 });
    nodes = fleet.nodes.map((app) => new Setting(app));
  });
  afterAll(() => fleet.stop());

  it.each(Object.keys(ENDS))(
    `%s, ${ROUNDS} times, each at another node: none accepts a token after the answer`,
    async (name) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const first = round % NODES;
        const { late, after } = await endUnderLoad([...nodes.slice(first), ...nodes.slice(0, first)], name, 12);
        expect([round, late, [...new Set(after)]]).toEqual([round, [], ['401 session_ended']]);
      }
    },
  );
});
