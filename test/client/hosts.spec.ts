import { createClient, hinted, routes, type Snapshot } from '../../src/client/client.js';
import { body, cookie, split, type TokenStorage } from '../../src/client/tokens/tokens.js';
import { type AuthTestApp, FakeClock } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const EXPIRY_SECONDS = 1200;
const USER = { email: 'ada@example.com', password: 'seventeen quiet otters' };

function keychain(): TokenStorage {
  let kept: string | null = null;
  return {
    read: () => kept,
    write(value) {
      kept = value;
    },
  };
}

/** Never answers, as a host does whose network has gone: only its signal ends it. */
const hung: typeof fetch = (_input, init) =>
  new Promise((_, reject) => {
    const { signal } = init!;
    const abort = () => reject(signal!.reason);
    if (signal!.aborted) abort();
    signal!.addEventListener('abort', abort);
  });

/** The service's replies as interceptors hand them on: who cancels one waits for ever. */
const intercepted: typeof fetch = async (input, init) => {
  const reply = await fetch(input, init);
  const reader = reply.body?.getReader();
  if (!reader) return reply;
  const stream = new ReadableStream({
    async pull(parts) {
      const { done, value } = await reader.read();
      if (done) parts.close();
      else parts.enqueue(value);
    },
    cancel: () => new Promise(() => {}),
  });
  return new Response(stream, reply);
};

describe('a client whose service does not answer', () => {
  // Bodies of replies are read by the ticks of the process.
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it.each(['with AbortSignal.timeout', 'without it'])(
    'waits for 15 seconds, also when the caller has a signal, %s',
    async (which) => {
      const { timeout } = AbortSignal;
      if (which === 'without it') Reflect.deleteProperty(AbortSignal, 'timeout');
      try {
        const client = createClient({ baseUrl: 'https://auth.example.com', fetch: hung });
        let outcome: { problem?: { code: string } } | undefined;
        const { signal } = new AbortController();
        void routes(client)
          .get('/auth/sessions', { signal })
          .then((one) => (outcome = one));
        await jest.advanceTimersByTimeAsync(14_999);
        expect(outcome).toBeUndefined();
        await jest.advanceTimersByTimeAsync(1);
        expect(outcome?.problem?.code).toBe('unreachable');
      } finally {
        Object.assign(AbortSignal, { timeout });
      }
    },
  );

  it('waits no longer than the caller says, before and while it asks', async () => {
    const client = createClient({ baseUrl: 'https://auth.example.com', fetch: hung });
    const caller = new AbortController();
    const asked = routes(client).get('/auth/sessions', { signal: caller.signal });
    const reason = new Error('left the page');
    caller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    const before = createClient({
      baseUrl: 'https://auth.example.com',
      fetch: async (_input, init) => {
        init!.signal!.throwIfAborted();
        return Response.json({});
      },
    });
    await expect(routes(before).get('/auth/sessions', { signal: caller.signal })).rejects.toBe(reason);
  });

  it('takes what a server knew for its first answer, and for no later one', async () => {
    const page = new EventTarget();
    const { addEventListener } = globalThis as { addEventListener?: unknown };
    Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
    const known = (id: string) => ({ user: { id }, session: { id: `session of ${id}` } });
    const initial = { status: 'signed-in', ...known('ada'), reason: null } as unknown as Snapshot;
    let answer: ((reply: Response) => void) | undefined;
    const client = createClient({
      baseUrl: 'https://auth.example.com',
      fetch: () => new Promise((done) => (answer = done)),
    });
    try {
      client.session.subscribe(() => undefined, initial);
      expect(client.session.getSnapshot()).toBe(initial);
      expect(answer).toBeUndefined();
      page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
      expect(client.session.getSnapshot().status).toBe('unknown');
      client.session.subscribe(() => undefined, initial);
      expect(client.session.getSnapshot().status).toBe('unknown');
      while (!answer) await Promise.resolve();
      answer(Response.json(known('grace')));
      expect(await client.session.check()).toMatchObject({ status: 'signed-in', user: { id: 'grace' } });
    } finally {
      client.dispose();
      Object.assign(globalThis, { addEventListener });
    }
  });

  it('has its pause ended early by the page once, and not again before a pause was lived through', async () => {
    const page = new EventTarget();
    const { addEventListener } = globalThis as { addEventListener?: unknown };
    Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
    let asked = 0;
    const down: typeof fetch = async () => {
      asked += 1;
      throw new TypeError('down');
    };
    const client = createClient({ baseUrl: 'https://auth.example.com', fetch: down });
    const happens = async (...types: string[]) => {
      for (const type of types) {
        page.dispatchEvent(new Event(type));
        await jest.advanceTimersByTimeAsync(0);
      }
      return asked;
    };
    try {
      expect(await client.session.check()).toMatchObject({ status: 'unavailable', reason: 'unreachable' });
      expect(asked).toBe(1);
      expect(await happens('online')).toBe(2);
      expect(await happens('visibilitychange', 'online', 'pageshow')).toBe(2);
      // The second pause is of 4 seconds, and up to as long again.
      await jest.advanceTimersByTimeAsync(8_100);
      expect(asked).toBe(3);
      expect(await happens('visibilitychange', 'online')).toBe(4);
    } finally {
      client.dispose();
      Object.assign(globalThis, { addEventListener });
    }
  });
});

describe('a page', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  const known = { user: { id: 'ada' }, session: { id: 's1' } };
  const signedIn = { status: 'signed-in', ...known, reason: null } as unknown as Snapshot;
  /** Turns of the process, in which messages of other tabs come; more than enough of them, so that what never comes ends the test. */
  const until = async (is: () => boolean) => {
    for (let turns = 0; !is() && turns < 100_000; turns += 1) await new Promise((turn) => setImmediate(turn));
    expect(is()).toBe(true);
  };

  /** A client on a page, whose service answers with the user, and what was asked of it. */
  async function onPage(
    run: (page: EventTarget, client: ReturnType<typeof createClient>, asked: string[]) => Promise<void>,
    transport?: ReturnType<typeof split>,
    isDown: () => boolean = () => false,
  ): Promise<void> {
    const page = new EventTarget();
    const asked: string[] = [];
    const { addEventListener } = globalThis as { addEventListener?: unknown };
    Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
    const client = createClient({
      baseUrl: 'https://auth.example.com',
      transport,
      fetch: async (input) => {
        asked.push(new URL(String(input)).pathname);
        const isRefresh = asked.at(-1) === '/auth/refresh';
        if (isRefresh && isDown()) return Response.json({ code: 'unavailable' }, { status: 503 });
        return Response.json(isRefresh ? { accessToken: 'token', expiresIn: 900, refreshExpiresIn: 9000 } : known);
      },
    });
    try {
      await run(page, client, asked);
    } finally {
      client.dispose();
      Object.assign(globalThis, { addEventListener, document: undefined });
    }
  }

  it('that comes back hidden out of the back-forward cache shows no user before it has asked', () =>
    onPage(async (page, client, asked) => {
      client.session.subscribe(() => undefined, signedIn);
      Object.assign(globalThis, { document: { hidden: true, cookie: '' } });
      page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
      expect(client.session.getSnapshot()).toMatchObject({ status: 'unknown', user: null });
      await until(() => client.session.getSnapshot().status === 'signed-in');
      expect(asked).toEqual(['/auth/me']);
    }));

  it('that its server has told who is signed in asks when the user comes back to it a minute later', () =>
    onPage(async (page, client, asked) => {
      client.session.subscribe(() => undefined, signedIn);
      page.dispatchEvent(new Event('visibilitychange'));
      await jest.advanceTimersByTimeAsync(61_000);
      expect(asked).toEqual([]);
      page.dispatchEvent(new Event('visibilitychange'));
      await until(() => asked.length > 0);
      expect(asked).toEqual(['/auth/me']);
    }));

  it('asks what its server could not find out', () =>
    onPage(async (_page, client, asked) => {
      const initial = { status: 'unavailable', user: null, session: null, reason: 'unreachable' } as const;
      client.session.subscribe(() => undefined, initial);
      await until(() => client.session.getSnapshot().status === 'signed-in');
      expect(asked).toEqual(['/auth/me']);
    }));

  it('asks when a tab says that a user has logged out, and does not say of which session', () =>
    onPage(async (_page, client, asked) => {
      const other = new BroadcastChannel('coatcheck https://auth.example.com');
      try {
        client.session.subscribe(() => undefined, signedIn);
        other.postMessage([false, undefined, false, 'logout']);
        await until(() => asked.length > 0);
        expect(asked).toEqual(['/auth/me']);
      } finally {
        other.close();
      }
    }));

  it('renews a token after four fifths of its life, and no earlier, while no request waits for it', () =>
    onPage(async (_page, client, asked) => {
      client.session.subscribe(() => undefined);
      await until(() => client.session.getSnapshot().status === 'signed-in');
      expect(asked).toEqual(['/auth/refresh', '/auth/me']);
      await jest.advanceTimersByTimeAsync(719_000);
      expect(asked).toHaveLength(2);
      await jest.advanceTimersByTimeAsync(47_000);
      await until(() => asked.length > 3);
      expect(asked.slice(2)).toEqual(['/auth/refresh', '/auth/me']);
    }, split()));

  it('stays signed in while its token is good, though it cannot be renewed, and tries again until it is due', async () => {
    let isDown = false;
    await onPage(
      async (_page, client, asked) => {
        client.session.subscribe(() => undefined);
        await until(() => client.session.getSnapshot().status === 'signed-in');
        const known = client.session.getSnapshot();
        isDown = true;
        await jest.advanceTimersByTimeAsync(766_000);
        await until(() => asked.length > 2);
        await jest.advanceTimersByTimeAsync(70_000);
        await until(() => asked.length > 3);
        expect(client.session.getSnapshot()).toBe(known);
        expect((await client.fetch('/invoices')).status).toBe(200);
        await jest.advanceTimersByTimeAsync(50_000);
        const tries = asked.filter((path) => path === '/auth/refresh').length;
        expect(tries).toBeLessThan(8);
        await expect(client.fetch('/invoices')).rejects.toMatchObject({ code: 'unavailable' });
        expect(client.session.getSnapshot()).toMatchObject({ status: 'unavailable', user: known.user });
        isDown = false;
        await jest.advanceTimersByTimeAsync(20_000);
        await until(() => client.session.getSnapshot().status === 'signed-in');
      },
      split(),
      () => isDown,
    );
  });

  it('that is hidden renews none', () =>
    onPage(async (_page, client, asked) => {
      client.session.subscribe(() => undefined);
      await until(() => client.session.getSnapshot().status === 'signed-in');
      Object.assign(globalThis, { document: { hidden: true, cookie: '' } });
      await jest.advanceTimersByTimeAsync(3_600_000);
      expect(asked).toEqual(['/auth/refresh', '/auth/me']);
    }, split()));
});

describe('a client among interceptors, and what it spares the service', () => {
  const clock = new FakeClock();
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({}, [], clock);
    await app.register({ ...USER, name: 'Ada' });
  });
  afterAll(() => app.close());

  it('renews and repeats behind one that never says that it has cancelled a reply', async () => {
    const client = createClient({ baseUrl: app.url, transport: body({ storage: keychain() }), fetch: intercepted });
    expect(await client.login(USER)).toMatchObject({ status: 'authenticated' });
    clock.advance(EXPIRY_SECONDS);
    expect((await client.fetch('/auth/sessions')).status).toBe(200);
    clock.advance(EXPIRY_SECONDS);
    const renamed = new Request(`${app.url}/auth/me`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ada King' }),
    });
    expect((await client.fetch(renamed)).status).toBe(200);
    expect(await client.logout()).toEqual({ status: 'signed-out' });
  });

  it('keeps its snapshot the same object when the service says nothing new', async () => {
    const client = createClient({ baseUrl: app.url, transport: body({ storage: keychain() }) });
    await client.login(USER);
    await client.session.check();
    let heard = 0;
    client.session.subscribe(() => (heard += 1));
    const before = client.session.getSnapshot();
    clock.advance(90);
    expect(await client.session.check()).toBe(before);
    expect(heard).toBe(0);
    await routes(client).patch('/auth/me', { body: { name: 'Ada Lovelace' } });
    expect(client.session.getSnapshot()).not.toBe(before);
    expect(client.session.getSnapshot().user?.name).toBe('Ada Lovelace');
    expect(heard).toBe(1);
  });

  it('asks nothing as long as there is no hint that somebody is signed in', async () => {
    const asked: string[] = [];
    const host = globalThis as { fetch: typeof fetch; document?: object };
    const page = { hidden: false, cookie: '' };
    const { fetch: own } = host;
    host.document = page;
    host.fetch = (...args) => {
      asked.push(String(args[0]));
      return own(...args);
    };
    try {
      for (const transport of [undefined, cookie(), split()]) {
        const anonymous = createClient({ baseUrl: app.url, fetch: hinted, transport });
        const outcome = await anonymous.session.check();
        expect(outcome).toEqual({ status: 'signed-out', user: null, session: null, reason: null });
      }
      expect(asked).toEqual([]);
      page.cookie = 'a=b; coatcheck-hint=0123abcd';
      const client = createClient({ baseUrl: app.url, fetch: hinted });
      expect(await client.session.check()).toMatchObject({ status: 'signed-out' });
      expect(asked).toEqual([`${app.url}/auth/me`]);
    } finally {
      Object.assign(host, { fetch: own, document: undefined });
    }
  });
});
