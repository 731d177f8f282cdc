import type { AuthOptions } from '../../src/auth-options.js';
import { ManagementServer } from '../../src/metrics/management-server.js';
import { Metrics } from '../../src/metrics/metrics.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService, overEveryCombination, PUSHING_STORES } from '../flows/combinations.js';
import { DECLARED, declaredTypes, Scrape } from './scrape.js';

const EMAIL = 'canary@metrics.example.com';
const PASSWORD = 'a canary in the coal mine';

/** A service for the rules of one block, and what its management port says. */
function served(options: AuthOptions) {
  let app: AuthTestApp;
  let url: string;
  beforeAll(async () => {
    app = await bootService(options);
    url = await app.app.get(ManagementServer).listen(0);
  });
  afterAll(() => app.close());
  const scrape = () => Scrape.of(url);
  /** By how much a sample has risen during the work. */
  const rise = async (samples: string[], work: () => Promise<unknown>) => {
    const before = await scrape();
    await work();
    const after = await scrape();
    return samples.map((sample) => after.count(sample) - before.count(sample));
  };
  return { node: () => app, scrape, rise };
}

overEveryCombination(
  (strategy, store) => {
    const { node, scrape, rise } = served({ authStrategies: [strategy], sessionStore: store });

    const resolution = [
      'coatcheck_requests_resolved_total',
      'coatcheck_view_hits_total',
      'coatcheck_view_misses_total',
      'coatcheck_session_store_calls_total',
    ];

    it('a first request is a miss and asks a store, a second is a hit and asks none', async () => {
      const user = await node().logIn();
      const [resolved, hits, misses, calls] = await rise(resolution, () => user.get('/auth/me'));
      expect([resolved, hits, misses]).toEqual([1, 0, 1]);
      expect(calls).toBeGreaterThan(0);
      expect(await rise(resolution, () => user.get('/auth/me'))).toEqual([1, 1, 0, 0]);
      expect((await scrape()).value('coatcheck_view_sessions')).toBeGreaterThan(0);
    });

    it('a request without a ticket, or with one that cannot be, is none that was resolved', async () => {
      const nobody = () =>
        node().client({ authorization: 'Bearer nonsense', cookie: 'session=nonsense' }).get('/auth/me');
      expect(await rise(resolution, nobody)).toEqual([0, 0, 0, 0]);
    });

    it('a logout is acknowledged once, and applied', async () => {
      const user = await node().logIn();
      const samples = [
        'coatcheck_acknowledgement_seconds_count',
        'coatcheck_acknowledgement_seconds_bucket{le="+Inf"}',
        'coatcheck_revocations_applied_total',
      ];
      expect(await rise(samples, () => user.post('/auth/logout'))).toEqual([1, 1, 1]);
      expect((await scrape()).value('coatcheck_feed_lag_revocations')).toBe(0);
    });
  },
  PUSHING_STORES.filter((store) => store === 'postgres' || store === 'memory' || store === 'redis'),
);

// These depend on no store, and with tokens there are more secrets to keep.
describe('the metrics of a service', () => {
  const { node, scrape, rise } = served({ authStrategies: ['jwt', 'session'] });

  it('logins are counted by outcome', async () => {
    const outcomes = ['authenticated', 'invalid_credentials', 'validation_failed'].map(
      (outcome) => `coatcheck_logins_total{outcome="${outcome}"}`,
    );
    const user = await node().logIn();
    const wrong = { email: user.email, password: 'not the password' };
    expect(await rise(outcomes, () => node().client().post('/auth/login', wrong))).toEqual([0, 1, 0]);
    expect(await rise(outcomes, () => node().logInAgain(user))).toEqual([1, 0, 0]);
    const odd = { ...wrong, strategy: 'mtls' };
    expect(await rise(outcomes, () => node().client().post('/auth/login', odd))).toEqual([0, 0, 1]);
  });

  it('requests are told by the route as registered, whatever path was asked for', async () => {
    const user = await node().logIn();
    const count = (labels: string) => `coatcheck_http_request_duration_seconds_count{${labels}}`;
    const samples = [
      count('method="DELETE",route="/auth/sessions/:id",status="404"'),
      count('method="any",route="unknown",status="404"'),
      count('method="GET",route="/auth/me",status="200"'),
    ];
    const requests = () =>
      Promise.all([
        user.request('DELETE', '/auth/sessions/6f1b1a2e-9c1d-4d3e-8a51-0f6a3f1d2c4b'),
        user.get('/no/such/canary-path'),
        user.get('/metrics'),
        user.get('/auth/me?canary-query=1'),
      ]);
    expect(await rise(samples, requests)).toEqual([1, 2, 1]);
    expect((await scrape()).text).not.toContain('canary-');
  });

  it('are those that are declared, each told apart by the labels it is declared with', async () => {
    const { types, text } = await scrape();
    expect([...types].sort()).toEqual(declaredTypes().sort());
    for (const [name, { labels = [] }] of DECLARED) {
      const samples = [...text.matchAll(new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, 'gm'))];
      const used = new Set(samples.flatMap(([, all]) => namesOf(all!)).filter((label) => label !== 'le'));
      expect([name, [...used].sort()]).toEqual([name, samples.length > 0 ? [...labels].sort() : []]);
    }
  });

  it('have no sample twice, and say in one sentence what they are', async () => {
    const { text } = await scrape();
    const samples = text.split('\n').filter((line) => line && !line.startsWith('#'));
    const names = samples.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const name of DECLARED.keys()) expect(text).toMatch(new RegExp(`^# HELP ${name} [^\n]+\\.$`, 'm'));
  });

  it('hold no address, password, id, token or cookie', async () => {
    const user = await node().logIn({ email: EMAIL, password: PASSWORD, transport: 'body' });
    await user.get('/auth/me');
    await node()
      .client()
      .post('/auth/login', { email: EMAIL, password: `${PASSWORD}!` });
    await user.request('DELETE', `/auth/sessions/${user.sessionId}`);
    const text = (await scrape()).text + (await node().app.get(Metrics, { strict: false }).text());
    const secrets = [EMAIL, 'metrics.example.com', PASSWORD, user.userId, user.sessionId];
    const tickets = [user.accessToken, user.refreshToken].filter((ticket) => ticket !== undefined);
    expect([...secrets, ...tickets].filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.toContain('@');
  });
});

function namesOf(labels: string): string[] {
  return [...labels.matchAll(/(\w+)="/g)].map((match) => match[1]!);
}
