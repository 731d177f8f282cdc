import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootEdge } from './boot-edge.js';
import { adapterOf, graphqlModule, SERVERS, ShopResolver } from './graphql-host.js';

const ask = (client: TestClient, query: string, headers?: Record<string, string>) =>
  client.post('/graphql', { query }, headers);

describe.each(SERVERS)('%s', (server) => {
  let app: AuthTestApp;

  beforeAll(async () => {
    app = await bootEdge({ adapter: adapterOf(server), imports: [graphqlModule(server)], parts: [ShopResolver] });
  });

  afterAll(() => app.close());

  it.each(['session', 'jwt'])('a resolver sees who is logged in by %s', async (strategy) => {
    const ada = await app.logIn({ strategy });
    const { body } = await ask(ada, '{ me { user by strategy ip } mySession { session } }');
    expect(body).toEqual({
      data: {
        me: { user: ada.userId, by: 'session', strategy, ip: '127.0.0.1' },
        mySession: { session: ada.sessionId },
      },
    });
  });

  it('a refusal is an error with our code', async () => {
    const { body, status } = await ask(app.client(), '{ me { user } }');
    console.log(status, JSON.stringify(body));
    const r2 = await ask(app.client(), '{ perhaps { user } open {user} }');
    console.log(r2.status, JSON.stringify(r2.body), r2.headers);
  });
});
