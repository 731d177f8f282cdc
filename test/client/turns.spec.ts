import { createClient, routes } from '../../src/client/client.js';
import { body, split } from '../../src/client/tokens/tokens.js';
import { turnsOf } from '../../src/client/tokens/turns.js';

const tokensOf = (name: string) => ({
  accessToken: `access of ${name}`,
  refreshToken: `refresh of ${name}`,
  tokenType: 'Bearer',
  expiresIn: 900,
  refreshExpiresIn: 90_000,
});
const replyOf = (name: string) => ({
  ...tokensOf(name),
  status: 'authenticated',
  user: { id: name },
  session: { id: `session of ${name}` },
});

/** A signed-in client with tokens in a storage, of a service that answers as it is told. What is asked: route, token, body. */
async function signedIn(answer: (route: string, token: string | null) => Response) {
  const asked: [route: string, token: string | null, body: unknown][] = [];
  let kept: string | null = JSON.stringify(tokensOf('ada'));
  const storage = {
    read: () => kept,
    write(value: string | null) {
      kept = value;
    },
  };
  const client = createClient({
    baseUrl: 'https://auth.example.com',
    transport: body({ storage }),
    fetch: async (input, init) => {
      const route = `${init!.method} ${new URL(String(input)).pathname}`;
      const token = new Headers(init!.headers).get('authorization');
      asked.push([route, token, init!.body && JSON.parse(String(init!.body))]);
      if (route === 'POST /auth/refresh') return Response.json(tokensOf('ada anew'));
      const { user, session } = replyOf(/of (\w+)/.exec(`${token}`)?.[1] ?? '');
      if (route === 'GET /auth/me') return Response.json({ user, session });
      return answer(route, token);
    },
  });
  await client.session.check();
  asked.length = 0;
  return { client, asked, kept: () => JSON.parse(kept!) };
}

describe('what gives a session other tokens', () => {
  it('is asked for with the token of before, and taken out of the reply whatever its status', async () => {
    const { client, asked, kept } = await signedIn(() =>
      Response.json({ id: 'p1', name: 'Phone', ...tokensOf('ada with a passkey') }, { status: 201 }),
    );
    const { data } = await routes(client).post('/auth/factors/passkeys', { body: { credential: {} } });
    expect(asked[0]).toEqual(['POST /auth/factors/passkeys', 'Bearer access of ada anew', { credential: {} }]);
    expect(data).toEqual({ id: 'p1', name: 'Phone', expiresIn: 900, refreshExpiresIn: 90_000 });
    expect(kept()).toMatchObject({ accessToken: 'access of ada with a passkey' });
  });

  it('begins another session in the same way of travelling: an admin acts as a user', async () => {
    const { client, asked, kept } = await signedIn(() => Response.json(replyOf('grace')));
    const { data } = await routes(client).post('/admin/users/{id}/impersonate', { path: { id: 'grace' }, body: {} });
    expect(asked[0]).toEqual([
      'POST /admin/users/grace/impersonate',
      'Bearer access of ada anew',
      { strategy: 'jwt', transport: 'body' },
    ]);
    expect(JSON.stringify(data)).not.toContain('access of');
    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in', user: { id: 'grace' } });
    expect(kept()).toMatchObject({ accessToken: 'access of grace' });
  });

  it('waits for nobody when its own token has to be renewed first', async () => {
    let isExpired = true;
    const { client, asked } = await signedIn((route) => {
      if (route !== 'POST /auth/step-up' || !isExpired) return Response.json(replyOf('ada'));
      isExpired = false;
      return Response.json({ code: 'token_expired' }, { status: 401 });
    });
    const outcomes = await Promise.all([
      client.stepUp({ code: 'step_up_required' } as never, { password: 'secret' }),
      client.stepUp({ code: 'step_up_required' } as never, { password: 'secret' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['authenticated', 'authenticated']);
    const routes = asked.map(([route]) => route);
    expect(routes.slice(0, 3)).toEqual(['POST /auth/step-up', 'POST /auth/refresh', 'POST /auth/step-up']);
    // One after the other: the second with the tokens that the first was given.
    expect(asked.filter(([route]) => route === 'POST /auth/step-up').at(-1)![1]).toBe('Bearer access of ada');
  });
});

/** For the time of a test, of the host what it has not. */
async function withHost(parts: object, run: () => Promise<void>): Promise<void> {
  const before = Object.getOwnPropertyDescriptors(globalThis);
  for (const [name, value] of Object.entries(parts))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    await run();
  } finally {
    for (const name of Object.keys(parts)) {
      const own = before[name as keyof typeof before];
      if (own) Object.defineProperty(globalThis, name, own);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}

/** A storage that can be read, and has no room left. */
const full = () =>
  new Proxy({} as Record<string, string>, {
    set() {
      throw new DOMException('no room', 'QuotaExceededError');
    },
  });

/** A promise that the test fulfils. */
function promised<T>() {
  let fulfil!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    fulfil = done;
  });
  return { promise, fulfil };
}

describe('tabs without Web Locks', () => {
  // What is kept for all of them is between them; each has turns of its own.
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const [WAIT_MS, MOST_MS] = [100, 5000];

  it('take turns: the next one begins when the one before has ended, and leaves no mark', async () => {
    const localStorage: Record<string, string> = {};
    await withHost({ localStorage, navigator: {} }, async () => {
      const happened: string[] = [];
      const [held, alsoHeld] = [promised<void>(), promised<void>()];
      const run = (tab: string, until: Promise<void>) =>
        turnsOf('service')(async () => {
          happened.push(`${tab} begins`);
          await until;
          happened.push(`${tab} ends`);
        });
      const all = [run('one', held.promise), run('other', alsoHeld.promise)];
      await jest.advanceTimersByTimeAsync(3 * WAIT_MS);
      expect(happened).toHaveLength(1);
      held.fulfil();
      alsoHeld.fulfil();
      await jest.advanceTimersByTimeAsync(3 * WAIT_MS);
      await Promise.all(all);
      const [first, second] = happened[0]!.startsWith('one') ? ['one', 'other'] : ['other', 'one'];
      expect(happened).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
      expect(Object.values(localStorage)).toEqual(['']);
    });
  });

  it('wait for one that was closed in its turn no longer than five seconds, and take its mark away', async () => {
    const localStorage: Record<string, string> = {};
    await withHost({ localStorage, navigator: {} }, async () => {
      void turnsOf('service')(() => new Promise(() => undefined));
      await jest.advanceTimersByTimeAsync(2 * WAIT_MS);
      let isOver = false;
      void turnsOf('service')(async () => {
        isOver = true;
      });
      await jest.advanceTimersByTimeAsync(MOST_MS - WAIT_MS);
      expect(isOver).toBe(false);
      await jest.advanceTimersByTimeAsync(2 * WAIT_MS);
      expect(isOver).toBe(true);
      expect(Object.values(localStorage)).toEqual(['']);
    });
  });

  it('wait by the clock for one that was closed in its turn, however rarely the timers of a hidden tab come', async () => {
    const { setTimeout } = globalThis;
    const rarely = (run: () => void) => setTimeout(run, 60_000);
    await withHost({ localStorage: { 'service turn': 'of another' }, navigator: {}, setTimeout: rarely }, async () => {
      let isOver = false;
      void turnsOf('service')(async () => {
        isOver = true;
      });
      await jest.advanceTimersByTimeAsync(61_000);
      expect(isOver).toBe(true);
    });
  });

  it.each([
    ['forbidden', undefined],
    ['full', full()],
  ])('wait for no other one where storage is %s, and for what they do themselves', async (_how, localStorage) => {
    await withHost({ localStorage, navigator: {} }, async () => {
      const inTurn = turnsOf('service');
      const held = promised<string>();
      const happened: string[] = [];
      const first = inTurn(() => held.promise.then((what) => happened.push(what)));
      const second = inTurn(async () => happened.push('second'));
      await jest.advanceTimersByTimeAsync(0);
      expect(happened).toEqual([]);
      held.fulfil('first');
      await Promise.all([first, second]);
      expect(happened).toEqual(['first', 'second']);
    });
  });
});

describe('a page that was loaded a moment ago, whose user logs out', () => {
  /** A tab waits for its turn for as long as it may, and goes on without. */
  const impatient = () => {
    let isTaken = false;
    return {
      async request<T>(_name: string, _how: object, run: () => Promise<T>): Promise<T> {
        if (isTaken) throw new DOMException('waited for too long', 'TimeoutError');
        isTaken = true;
        return run().finally(() => {
          isTaken = false;
        });
      },
    };
  };

  it('uses no token of a renewal whose reply comes later', async () => {
    const late = promised<Response>();
    const asked: [route: string, ticket: string | null][] = [];
    await withHost({ navigator: { locks: impatient() } }, async () => {
      const begun = promised<void>();
      const client = createClient({
        baseUrl: 'https://auth.example.com',
        transport: split(),
        fetch: async (input, init) => {
          const route = new URL(String(input)).pathname;
          asked.push([route, new Headers(init?.headers).get('authorization')]);
          if (route === '/auth/refresh') begun.fulfil();
          if (route === '/auth/refresh') return late.promise;
          if (route === '/auth/logout') return new Response(null, { status: 204 });
          return Response.json({ code: 'unauthenticated' }, { status: 401 });
        },
      });
      const checked = client.session.check();
      await begun.promise;
      expect(await client.logout()).toEqual({ status: 'signed-out' });
      const { refreshToken, ...delivered } = tokensOf('ada');
      late.fulfil(Response.json(delivered));
      expect(await checked).toMatchObject({ status: 'signed-out', reason: 'logout' });
      expect((await client.fetch('/invoices')).status).toBe(401);
      expect(asked).toEqual([
        ['/auth/refresh', null],
        ['/auth/logout', null],
        ['/invoices', null],
      ]);
    });
  });
});

describe('an answer that is of another moment', () => {
  const baseUrl = 'https://auth.example.com';
  const routeOf = (input: unknown) => new URL(input instanceof Request ? input.url : String(input)).pathname;

  it('names no user when it comes after the logout', async () => {
    const [begun, late] = [promised<void>(), promised<Response>()];
    const client = createClient({
      baseUrl,
      fetch: async (input) => {
        if (routeOf(input) === '/auth/logout') return new Response(null, { status: 204 });
        begun.fulfil();
        return late.promise;
      },
    });
    const asked = routes(client).get('/auth/me');
    await begun.promise;
    expect(await client.logout()).toEqual({ status: 'signed-out' });
    late.fulfil(Response.json({ user: { id: 'ada' }, session: { id: 's1' } }));
    expect((await asked).data?.user.id).toBe('ada');
    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-out', reason: 'logout' });
  });

  it('to a refresh is none when it has no tokens: it is not asked for again and again', async () => {
    const asked: string[] = [];
    const client = createClient({
      baseUrl,
      transport: split(),
      fetch: async (input) => {
        asked.push(routeOf(input));
        return Response.json({ status: 'ok' });
      },
    });
    expect(await client.session.check()).toMatchObject({ status: 'unavailable', reason: 'unexpected_reply' });
    for (let times = 3; times--; ) await expect(client.fetch('/x')).rejects.toMatchObject({ code: 'unavailable' });
    expect(asked).toEqual(['/auth/refresh']);
  });

  it('is waited for no longer than a Request says that needs a token first', async () => {
    const begun = promised<void>();
    const client = createClient({
      baseUrl,
      transport: split(),
      fetch: () => {
        begun.fulfil();
        return new Promise(() => undefined);
      },
    });
    const [caller, reason] = [new AbortController(), new Error('left the page')];
    const asked = client.fetch(new Request(`${baseUrl}/x`, { signal: caller.signal }));
    await begun.promise;
    caller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});

describe('a logout that cannot be told, where storage is full', () => {
  it('is pending, is not forgotten, and is told when it can be', async () => {
    await withHost({ localStorage: full() }, async () => {
      let isDown = true;
      const asked: [route: string, credentials?: string][] = [];
      const client = createClient({
        baseUrl: 'https://auth.example.com',
        fetch: async (input, init) => {
          asked.push([new URL(String(input)).pathname, init!.credentials]);
          if (isDown) throw new TypeError('down');
          return new Response(null, { status: 204 });
        },
      });
      expect(await client.logout()).toEqual({ status: 'pending' });
      expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-out', reason: 'logout' });
      await expect(client.fetch('/invoices')).rejects.toThrow('down');
      isDown = false;
      await client.session.check();
      expect(asked.slice(0, 3)).toEqual([
        ['/auth/logout', 'include'],
        ['/invoices', 'omit'],
        ['/auth/logout', 'include'],
      ]);
    });
  });
});

describe('a tab in which a user has asked for something, while another user signs in in another tab', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  /** The tab's client, what it has asked, and what it hears: each message at once. */
  async function inTab(
    transport: ReturnType<typeof split> | undefined,
    answer: (route: string) => Promise<Response>,
    run: (
      client: ReturnType<typeof createClient>,
      hear: (message: unknown) => void,
      asked: [route: string, ticket: string | null][],
    ) => Promise<void>,
  ): Promise<void> {
    const ears: { onmessage?: (event: { data: unknown }) => void }[] = [];
    class Ear {
      onmessage?: (event: { data: unknown }) => void;
      constructor() {
        ears.push(this);
      }
      /** A channel does not hear itself. */
      postMessage(data: unknown): void {
        if (this !== ears[0]) ears[0]!.onmessage!({ data });
      }
      close(): void {}
    }
    await withHost({ addEventListener: () => undefined, BroadcastChannel: Ear, navigator: {} }, async () => {
      const asked: [route: string, ticket: string | null][] = [];
      const client = createClient({
        baseUrl: 'https://auth.example.com',
        transport,
        fetch: async (input, init) => {
          const route = new URL(String(input)).pathname;
          asked.push([route, new Headers(init?.headers).get('authorization')]);
          return answer(route);
        },
      });
      try {
        await run(client, (data) => ears[0]!.onmessage!({ data }), asked);
      } finally {
        client.dispose();
      }
    });
  }

  const replyOfMe = (name: string) => Response.json({ user: { id: name }, session: { id: `session of ${name}` } });

  it('sends nothing of the first in the name of the second', async () => {
    let who = 'ada';
    const answer = async () => replyOfMe(who);
    await inTab(undefined, answer, async (client, hear, asked) => {
      client.session.subscribe(() => undefined);
      await client.session.check();
      hear([true]);
      const deletion = client.fetch('/account', { method: 'DELETE' });
      who = 'grace';
      hear([false, 'session of grace', 'grace']);
      await expect(deletion).rejects.toMatchObject({ code: 'user_changed' });
      expect(await client.session.check()).toMatchObject({ user: { id: 'grace' } });
      expect(new Set(asked.map(([route]) => route))).toEqual(new Set(['/auth/me']));
    });
  });

  it('learns whose ticket it has when a login is given up', async () => {
    let who = 'ada';
    const [begun, caller] = [promised<void>(), new AbortController()];
    const answer = async (route: string) => {
      if (route !== '/auth/login') return replyOfMe(who);
      begun.fulfil();
      return new Promise<Response>((_, reject) => {
        caller.signal.addEventListener('abort', () => reject(caller.signal.reason));
      });
    };
    await inTab(undefined, answer, async (client, _hear, asked) => {
      client.session.subscribe(() => undefined);
      await client.session.check();
      const { signal } = caller;
      const login = routes(client).post('/auth/login', {
        body: { email: 'g@example.com', password: 'secret' },
        signal,
      });
      await begun.promise;
      who = 'grace';
      caller.abort(new Error('left the page'));
      await expect(login).rejects.toThrow('left the page');
      expect(client.session.getSnapshot()).toMatchObject({ user: { id: 'grace' } });
      expect(asked.map(([route]) => route)).toEqual(['/auth/me', '/auth/login', '/auth/me']);
    });
  });

  it('is held from the moment on in which the other tab has its turn, and no earlier', async () => {
    const [waiting, held] = [promised<void>(), promised<void>()];
    const request = async (_name: string, _how: object, run: () => unknown) => {
      waiting.fulfil();
      await held.promise;
      return run();
    };
    const told: unknown[] = [];
    let hear: (event: { data: unknown }) => void;
    class Ear {
      set onmessage(heard: (event: { data: unknown }) => void) {
        hear ??= heard;
      }
      postMessage(data: [unknown]): void {
        told.push(data[0]);
        hear({ data });
      }
      close(): void {}
    }
    const parts = { addEventListener: () => undefined, BroadcastChannel: Ear, navigator: { locks: { request } } };
    await withHost(parts, async () => {
      const client = createClient({
        baseUrl: 'https://auth.example.com',
        transport: split(),
        fetch: async () => Response.json(replyOf('grace')),
      });
      client.session.subscribe(() => undefined, { status: 'signed-out', user: null, session: null, reason: null });
      const login = client.login({ email: 'grace@example.com', password: 'secret' });
      await waiting.promise;
      expect(told).toEqual([]);
      held.fulfil();
      expect(await login).toMatchObject({ status: 'authenticated' });
      expect(told.slice(0, 2)).toEqual([[true], [false, 'session of grace', 'grace']]);
      client.dispose();
    });
  });

  it('repeats nothing of the first with a token of the second', async () => {
    let who = 'ada';
    const [begun, late] = [promised<void>(), promised<Response>()];
    const answer = async (route: string) => {
      if (route === '/account') begun.fulfil();
      if (route === '/account') return late.promise;
      if (route === '/auth/me') return replyOfMe(who);
      const { refreshToken, ...delivered } = tokensOf(who);
      return Response.json(delivered);
    };
    await inTab(split(), answer, async (client, hear, asked) => {
      client.session.subscribe(() => undefined);
      await client.session.check();
      const deletion = client.fetch('/account', { method: 'DELETE' });
      await begun.promise;
      who = 'grace';
      hear([[false, 'session of grace', 'grace'], 1, 900_000, 'access of grace']);
      late.fulfil(Response.json({ code: 'token_expired' }, { status: 401 }));
      await expect(deletion).rejects.toMatchObject({ code: 'user_changed' });
      expect(asked.filter(([route]) => route === '/account')).toEqual([['/account', 'Bearer access of ada']]);
    });
  });
});
