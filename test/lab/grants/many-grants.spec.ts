import { randomUUID } from 'node:crypto';
import { GRANTS_PER_USER } from '../../../src/oauth/grants/grant-creation.js';
import type { TestUser } from '../../../src/testing/index.js';
import { Fleet } from '../../flows/several-nodes.js';
import { ENDS, OAUTH, Setting } from '../../oauth/setting.js';
import { isLong } from '../harness/form.js';

const ENDED = isLong ? 100_000 : 10_000;
const MADE_TOGETHER = 2_000;
const OF_ONE_CLIENT = 100;
/** Of a session of their own, which they go on without. */
const OF_SESSIONS = new Set(['logout']);

describe(`a user with ${GRANTS_PER_USER} grants, the most there may be, and ${ENDED} that have ended`, () => {
  let fleet: Fleet;
  let here: Setting;
  let there: Setting;
  beforeAll(async () => {
    fleet = await Fleet.start(2, { ...OAUTH, databasePoolSize: 8 });
    [here, there] = fleet.nodes.map((app) => new Setting(app)) as [Setting, Setting];
  });
  afterAll(() => fleet.stop());

  /** Copies of a grant, a hundred of each made-up client. In parts: a statement has five seconds. */
  async function multiply(id: string, count: number, changes: object): Promise<void> {
    for (let made = 0; made < count; made += MADE_TOGETHER)
      await here.on.database.query(
        `INSERT INTO coatcheck.oauth_grants
         SELECT (jsonb_populate_record(kept, $3::jsonb || jsonb_build_object(
                  'id', gen_random_uuid(), 'client_id', $4::text || (n / $5::integer)))).*
           FROM coatcheck.oauth_grants AS kept, generate_series(1, $1::integer) n WHERE kept.id = $2`,
        [Math.min(MADE_TOGETHER, count - made), id, changes, `${randomUUID()}-`, OF_ONE_CLIENT],
      );
  }

  it.each(Object.keys(ENDS))('%s is acknowledged, and no node accepts a token of it', async (name) => {
    const clientId = await here.makeClient();
    const boss = await here.app.logIn({ changes: { roles: ['admin'] } });
    const user: TestUser = await here.app.logIn();
    const id = await here.on.grant(user, clientId, OF_SESSIONS.has(name) ? 'session' : 'offline');
    await multiply(id, GRANTS_PER_USER - 1, {});
    await multiply(id, ENDED, { ended_at: new Date(), end_reason: 'test' });
    const token = here.tokens.of(id, clientId, user.userId);
    const statuses = async () => [(await here.by(token)).status, (await there.by(token)).status];
    expect(await statuses()).toEqual([200, 200]);
    const since = performance.now();
    const answer = await ENDS[name]!(here, { user, boss, id, clientId });
    const seconds = (performance.now() - since) / 1000;
    const { status = 204 } = (answer ?? {}) as { status?: number };
    expect([status, await statuses()]).toEqual([status < 300 ? status : 204, [401, 401]]);
    process.stdout.write(`\n${name}: acknowledged after ${seconds.toFixed(2)} s\n`);
  });
});
