import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, problemOf, routes } from '../../src/client/client.js';
import { readSession } from '../../src/client/next/next.js';
import { body, split, type TokenStorage } from '../../src/client/tokens/tokens.js';
import type { TokenHost, Transport } from '../../src/client/transport.js';
import { type AuthTestApp, FakeClock } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const EXPIRY_SECONDS = 1200;

/** The host's `fetch`, which notes what it is asked. */
function notingFetch(): { asked: string[]; fetch: typeof fetch } {
  const asked: string[] = [];
  return {
    asked,
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      asked.push(`${init?.method ?? (input instanceof Request ? input.method : 'GET')} ${url.pathname}`);
      return fetch(input, init);
    },
  };
}

function keychain(): TokenStorage & { value: string | null } {
  return {
    value: null,
    read() {
      return this.value;
    },
    async write(value) {
      this.value = value;
    },
  };
}

describe('a client without a browser', () => {
  const clock = new FakeClock();
  let app: AuthTestApp;
  let user: { email: string; password: string };
  beforeAll(async () => {
    app = await bootService({}, [], clock);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    user = await app.register({ name: 'Ada' });
  });

  const begin = async (storage = keychain()) => {
    const { asked, fetch: noting } = notingFetch();
    const client = createClient({ baseUrl: app.url, transport: body({ storage }), fetch: noting });
    const { email, password } = user;
    expect(await client.login({ email, password })).toMatchObject({ status: 'authenticated' });
    asked.length = 0;
    return { client, asked, storage };
  };

  it('keeps its tokens in a storage, renews them once for all, and is still signed in in the next process', async () => {
    const { client, asked, storage } = await begin();
    const before = storage.value;
    clock.advance(EXPIRY_SECONDS);
    const replies = await Promise.all(Array.from({ length: 20 }, () => client.fetch('/auth/sessions')));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(asked.filter((one) => one === 'POST /auth/refresh')).toHaveLength(1);
    expect(storage.value).not.toBe(before);
    const next = createClient({ baseUrl: app.url, transport: body({ storage }) });
    expect(await next.session.check()).toMatchObject({ status: 'signed-in', user: { email: user.email } });
    expect(await next.logout()).toEqual({ status: 'signed-out' });
    expect(storage.value).not.toContain('refreshToken');
    expect((await client.fetch('/auth/sessions')).status).toBe(401);
    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-out', reason: 'unauthenticated' });
  });

  it.each(['', 'null', '{"accessToken":"half', 'ciphertext of another device'])(
    'logs in over a storage that holds what cannot be read (%p), and quotes it in no error',
    async (value) => {
      const storage = keychain();
      storage.value = value;
      const client = createClient({ baseUrl: app.url, transport: body({ storage }) });
      expect(await routes(client).get('/auth/me')).toMatchObject({ problem: { code: 'unauthenticated' } });
      expect(await client.login({ email: user.email, password: user.password })).toMatchObject({
        status: 'authenticated',
      });
    },
  );

  it('asks nothing where its storage is empty, and signs no user out where it fails', async () => {
    const { asked, fetch: noting } = notingFetch();
    const empty = createClient({ baseUrl: app.url, transport: body({ storage: keychain() }), fetch: noting });
    expect(await empty.session.check()).toMatchObject({ status: 'signed-out', reason: null });
    expect(asked).toEqual([]);
    const locked = { read: () => Promise.reject(new Error('locked')), write: () => {} };
    const failing = createClient({ baseUrl: app.url, transport: body({ storage: locked }) });
    expect(await failing.session.check()).toMatchObject({ status: 'unavailable' });
  });

  it('tells the service of a logout in the next process, when this one could not', async () => {
    const storage = keychain();
    const { client } = await begin(storage);
    let isDown = false;
    const down: typeof fetch = (...args) => (isDown ? Promise.reject(new TypeError('down')) : fetch(...args));
    const other = createClient({ baseUrl: app.url, transport: body({ storage }), fetch: down });
    await other.session.check();
    isDown = true;
    expect(await other.logout()).toEqual({ status: 'pending' });
    const next = createClient({ baseUrl: app.url, transport: body({ storage }) });
    expect(await next.session.check()).toMatchObject({ status: 'signed-out' });
    expect((await client.fetch('/auth/sessions')).status).toBe(401);
    expect(storage.value).not.toContain('refreshToken');
  });

  it('repeats a Request with a body, and not one with a stream: that says so', async () => {
    const { client } = await begin();
    const rename = (name: string, more: RequestInit = {}) =>
      new Request(`${app.url}/auth/me`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
        ...more,
      });
    clock.advance(EXPIRY_SECONDS);
    expect((await client.fetch(rename('Ada King'))).status).toBe(200);
    expect((await client.session.check()).user?.name).toBe('Ada King');
    clock.advance(EXPIRY_SECONDS);
    const stream = new ReadableStream({
      start(parts) {
        parts.enqueue(new TextEncoder().encode('{"name":"Ada"}'));
        parts.close();
      },
    });
    const reply = client.fetch(`${app.url}/auth/me`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    } as RequestInit);
    const refused = await reply;
    expect(refused.status).toBe(401);
    expect(await problemOf(refused)).toMatchObject({ code: 'token_expired' });
    expect(((await refused.json()) as { detail: string }).detail).toContain('stream');
    expect((await client.fetch('/auth/sessions')).status).toBe(200);
  });

  it('sends no ticket to an origin that is not trusted with it, nor where a redirect leads', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await listening((incoming, reply) => {
      seen.push(incoming.headers.authorization);
      reply.end('{}');
    });
    const leading = await listening((_, reply) => reply.writeHead(307, { location: elsewhere.url }).end());
    const { client } = await begin();
    await client.fetch(`${elsewhere.url}/x`);
    const trusting = createClient({
      baseUrl: app.url,
      transport: body({ storage: keychain() }),
      trust: [leading.url],
    });
    await trusting.login({ email: user.email, password: user.password });
    await expect(trusting.fetch(`${leading.url}/x`)).rejects.toThrow(TypeError);
    expect(seen).toEqual([undefined]);
    elsewhere.server.close();
    leading.server.close();
  });

  it('shows no token when it, its replies or its problems are printed', async () => {
    const { client, storage } = await begin();
    const { refreshToken, accessToken } = JSON.parse(storage.value!);
    const { data } = await routes(client).get('/auth/me');
    const { problem } = await routes(client).delete('/auth/sessions/{id}', { path: { id: 'none' } });
    const { inspect } = await import('node:util');
    const printed = [client, data, problem].map((one) => JSON.stringify(one) + inspect(one, { depth: 9 })).join();
    expect(printed).not.toContain(refreshToken);
    expect(printed).not.toContain(accessToken);
    expect(problem).toMatchObject({ name: 'AuthProblem', code: 'validation_failed', status: 400 });
  });

  it('a server that renders twenty parts asks once a request, and renews nothing', async () => {
    const { asked, fetch: noting } = notingFetch();
    const browser = app.client();
    await browser.post('/auth/login', { email: user.email, password: user.password, strategy: 'session' });
    const cookie = browser.headers.cookie!;
    const request = { headers: { cookie } };
    const settings = { baseUrl: app.url, fetch: noting };
    const read = await Promise.all(Array.from({ length: 20 }, () => readSession(request, settings)));
    expect(new Set(read).size).toBe(1);
    expect(read[0]).toMatchObject({ status: 'signed-in', user: { email: user.email } });
    expect(asked).toEqual(['GET /auth/me']);
    const elsewhere = { baseUrl: 'http://127.0.0.1:9', fetch: noting };
    expect(await readSession(request, elsewhere)).toMatchObject({ status: 'unavailable', user: null });
    expect(await readSession(request, settings)).toBe(read[0]);
    expect(await readSession(new Headers(), settings)).toMatchObject({ status: 'signed-out' });
    const gone = { baseUrl: 'http://127.0.0.1:9', fetch: noting };
    expect(await readSession(new Headers({ cookie }), gone)).toMatchObject({ status: 'unavailable', user: null });
  });
});

async function listening(
  answer: Parameters<typeof createServer>[1] & object,
): Promise<{ server: Server; url: string }> {
  const server = createServer(answer as never);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it.each([
  ['/auth/login', {}],
  ['/admin/users/{id}/impersonate', { path: { id: 'u1' } }],
] as const)('a tab holds the others before another user’s ticket may come: %s', async (path, given) => {
  const listening = Object.assign(globalThis, { addEventListener: () => undefined });
  const other = new BroadcastChannel('coatcheck https://auth.example.com');
  const fetched = async () => Response.json({ status: 'authenticated', user: { id: 'u1' }, session: { id: 's1' } });
  const client = createClient({ baseUrl: 'https://auth.example.com', fetch: fetched });
  try {
    client.session.subscribe(() => undefined, { status: 'signed-out', user: null, session: null, reason: null });
    const told: unknown[] = [];
    const all = new Promise<void>((come) => {
      other.onmessage = ({ data }: MessageEvent) => told.push(data) && data.length === 0 && come();
    });
    await routes(client).post(path as '/auth/login', { body: {}, ...given } as never);
    await all;
    expect(told).toEqual([[true], [false, 's1', 'u1'], []]);
  } finally {
    client.dispose();
    other.close();
    Reflect.deleteProperty(listening, 'addEventListener');
  }
});

it('a tab knows its own words again, however many it says at once, and hears those of others', async () => {
  const listening = Object.assign(globalThis, { addEventListener: () => undefined });
  const other = new BroadcastChannel('coatcheck test');
  const heard: unknown[] = [];
  let link: ReturnType<ReturnType<Transport>[4]>;
  try {
    const snapshot = () => ({ status: 'unknown', session: null });
    const [no, yes] = [() => false, () => true];
    const host = ['coatcheck test', snapshot, no, no, yes];
    const [, , , tell, linkTo] = split()(...(host as unknown as TokenHost));
    const message = new Promise((come) => {
      link = linkTo('coatcheck test', (said) => come(heard.push(said)));
    });
    const told: unknown[] = [];
    other.onmessage = ({ data }: MessageEvent) => void told.push(data);
    await Promise.all([tell([true]), tell([false, 's1']), tell([])]);
    expect([told.length, heard]).toEqual([3, []]);
    other.postMessage([[false, 's2'], 0, 0]);
    await message;
    expect(heard).toEqual([[false, 's2']]);
  } finally {
    link?.close();
    other.close();
    Reflect.deleteProperty(listening, 'addEventListener');
  }
});
