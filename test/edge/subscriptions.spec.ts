import { EventEmitter, on } from 'node:events';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Handshakes } from '../../src/access/handshakes.js';
import { LiveConnections } from '../../src/access/live-connections.js';
import { CurrentUser } from '../../src/access/route-decorators.js';
import type { AuthUser } from '../../src/kernel/auth-context.js';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootEdge, ORIGIN } from './boot-edge.js';
import { ticketOf } from './socket-host.js';

const ticks = new EventEmitter();
const seenBy: string[] = [];

@Resolver()
class TickResolver {
  @Query(() => Int)
  now() {
    return 1;
  }

  @Subscription(() => Int)
  async *ticks(@CurrentUser() user: AuthUser) {
    seenBy.push(user.id);
    yield { ticks: 0 };
    for await (const [tick] of on(ticks, 'tick')) yield { ticks: tick };
  }
}

const SERVERS = {
  apollo: GraphQLModule.forRootAsync<ApolloDriverConfig>({
    driver: ApolloDriver,
    inject: [Handshakes],
    useFactory: (handshakes: Handshakes) => ({
      autoSchemaFile: true,
      graphiql: false,
      subscriptions: { 'graphql-ws': { onConnect: (connection) => handshakes.openGraphql(connection as never) } },
    }),
  }),
  'apollo, unaided': GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
    subscriptions: { 'graphql-ws': true },
  }),
  mercurius: GraphQLModule.forRootAsync<MercuriusDriverConfig>({
    driver: MercuriusDriver,
    inject: [Handshakes],
    useFactory: (handshakes: Handshakes) => ({
      autoSchemaFile: true,
      subscription: {
        verifyClient: handshakes.verifyClient({ anonymous: true }) as never,
        context: (socket: object) => ({ socket }) as never,
      },
    }),
  }),
  'mercurius, unaided': GraphQLModule.forRoot<MercuriusDriverConfig>({
    driver: MercuriusDriver,
    autoSchemaFile: true,
    subscription: true,
  }),
};

interface Opened {
  /** The first tick, or the code of the refusal. */
  readonly first: Promise<number | string>;
  /** Of the connection. */
  readonly closed: Promise<string>;
  readonly client: Client;
}

function subscribe(
  app: AuthTestApp,
  headers: Record<string, string>,
  connectionParams?: Record<string, unknown>,
): Opened {
  class WithHeaders extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  }
  let closedWith: (why: string) => void;
  const closed = new Promise<string>((resolve) => (closedWith = resolve));
  const client = createClient({
    url: `${app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WithHeaders,
    connectionParams,
    retryAttempts: 0,
    on: {
      closed: (event) => closedWith(`${(event as { code: number }).code} ${(event as { reason: string }).reason}`),
    },
  });
  const first = new Promise<number | string>((resolve) => {
    const refused = (errors: unknown) => {
      const [error] = errors as { extensions?: { code?: string } }[];
      resolve(error?.extensions?.code ?? JSON.stringify(errors));
    };
    client.subscribe<{ ticks: number }>(
      { query: 'subscription { ticks }' },
      {
        next: ({ data, errors }) => (errors ? refused(errors) : resolve(data!.ticks)),
        error: (error) => (Array.isArray(error) ? refused(error) : resolve('closed')),
        complete: () => resolve('completed'),
      },
    );
  });
  return { first, closed, client };
}

describe.each(Object.keys(SERVERS) as (keyof typeof SERVERS)[])('%s', (server) => {
  let app: AuthTestApp;

  beforeAll(async () => {
    const adapter = server.startsWith('apollo') ? 'express' : 'fastify';
    app = await bootEdge({ adapter, imports: [SERVERS[server]], parts: [TickResolver] });
  });

  afterAll(async () => {
    ticks.emit('tick', -1);
    await app.close();
  });

  it.each(['session', 'jwt'])('a subscription by %s ends with its session', async (strategy) => {
    const ada = await app.logIn({ strategy });
    const opened = subscribe(app, ticketOf(ada));
    expect(await opened.first).toBe(0);
    expect(seenBy.at(-1)).toBe(ada.userId);
    expect((await ada.post('/auth/logout')).status).toBe(204);
    expect(await opened.closed).toMatch(server === 'mercurius, unaided' ? /^1006/ : /^4401 session_ended/);
    expect(app.app.get(LiveConnections).size).toBe(0);
    expect(await subscribe(app, ticketOf(ada)).first).not.toBe(0);
  });

  it('a token may come with connectionParams, and then it alone', async () => {
    const [ada, bob] = [await app.logIn({ strategy: 'jwt' }), await app.logIn({ strategy: 'session' })];
    const authorization = `Bearer ${ada.accessToken}`;
    const opened = subscribe(app, {}, { authorization });
    expect(await opened.first).toBe(0);
    expect(seenBy.at(-1)).toBe(ada.userId);
    await opened.client.dispose();
    for (const [headers, params] of [
      [ticketOf(bob), { authorization }],
      [{}, { authorization, Authorization: `${authorization}x` }],
      [{}, { authorization: [authorization] }],
      [{}, { authorization: 'x'.repeat(10_000) }],
      [{}, {}],
    ] as const) {
      const refused = subscribe(app, headers, params);
      const result = await Promise.race([refused.first, refused.closed]);
      expect(result).toMatch(/unauthenticated|^closed$|^4401/);
      await refused.client.dispose();
    }
  });

  it('is refused to pages of other origins, whatever they claim afterwards', async () => {
    const ada = await app.logIn({ strategy: 'session' });
    const before = seenBy.length;
    for (const claim of [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { origin: ORIGIN },
      { headers: { 'sec-fetch-site': 'none' } },
    ]) {
      const refused = subscribe(app, { ...ticketOf(ada), origin: 'https://evil.example' }, claim);
      expect(await Promise.race([refused.first, refused.closed])).not.toBe(0);
      await refused.client.dispose();
    }
    expect(seenBy.length).toBe(before);
    const own = subscribe(app, { ...ticketOf(ada), origin: ORIGIN });
    expect(await own.first).toBe(0);
    await own.client.dispose();
  });
});
