import type { Client } from './contract.js';
import { type Channel, channelOf, host, now, shared } from './host.js';
import { markOf } from './leaving.js';
import { BEGINNINGS, LOGINS, pathOf } from './paths.js';
import { pausesOf } from './pauses.js';
import { AuthProblem, isOver, problemOf } from './problem.js';
import type { Session, User } from './routes.js';
import type { Snapshot } from './snapshot.js';
import {
  type Answer,
  CALL,
  type CoreSettings,
  LOGOUT,
  ME,
  type Mode,
  PLAIN,
  type Question,
  type Send,
  type TabMessage,
  type Tokens,
} from './transport.js';

// biome-ignore lint/suspicious/noExplicitAny: what a route takes and answers, client.ts says
type Anything = any;

/** A call of a route, as it is made at run time. */
interface Call extends Question {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: object;
}

/**
 * Who is signed in, as far as this tab knows, and how that changes: `docs/design/client.md`. It is one closure, and terse: every page that
 * uses it loads it, a minifier shortens what is inside a function and nothing that objects tell each other. Everything that is learnt ends in
 * `set`; the client finds out by `check`; a request of the page goes through `request`, and a call of a route through `call`, `ask`, `request`.
 */
export function createCore({ baseUrl, transport, trust = [], fetch: own, hint }: CoreSettings): Client<Anything> {
  const here = host.location;
  const { origin, href } = new URL(baseUrl, here?.href);
  const url = href.replace(/\/$/, '');
  /** Of the page, where it is another's. */
  const elsewhere = here?.origin === origin ? undefined : here?.origin;
  /** Tells this service from others, for other tabs too. */
  const name = `coatcheck ${url}`;
  const isLeaving = markOf(name);

  // 1. The state.

  const listeners = new Set<() => void>();
  let essence: string | undefined;
  let snapshot!: Snapshot;
  const getSnapshot = () => snapshot;

  const set = (
    status: Snapshot['status'],
    reason: string | null = null,
    user: User | null = null,
    session: Session | null = null,
  ) => {
    const next = { status, user, session, reason } as Snapshot;
    // Without what changes with each answer and means nothing: equal snapshots stay the same object, and no listener is called.
    const text = JSON.stringify(next, (key, value) => (/^(lastSeen|expires)/.test(key) ? 0 : value));
    if (text === essence) return;
    essence = text;
    snapshot = next;
    // Each by itself and later: nothing of ours waits for a listener, and none keeps the others from hearing.
    listeners.forEach(queueMicrotask);
  };

  /** Takes from a reply who is signed in. @returns whether it says so */
  const signIn = async (data: Answer[1]) => {
    const { status, user, session } = data ?? {};
    if (status === 'enrolment_required') await signOut(status);
    if (!user || !session) return false;
    const isNews = snapshot.session?.id !== session.id;
    // Who comes back to the page later asks again.
    rest(now() + 60_000);
    set('signed-in', null, user, session);
    if (isNews) await tell({ user: user.id, session: session.id });
    return true;
  };

  const signOut = async (reason: string | null, isHeard?: boolean) => {
    const session = snapshot.session?.id;
    // A logout that the service has not heard of is told it later.
    if (isLeaving()) pause();
    else rest();
    set('signed-out', reason);
    if (!isHeard) await tell({ session, reason });
  };

  const end = async (code: string) => {
    if (snapshot.status !== 'signed-out') await signOut(code === 'session_ended' || snapshot.user ? code : null);
    return false as const;
  };

  const fail = ({ retryAfter, code }: AuthProblem) => {
    if (snapshot.status === 'signed-out') return;
    set('unavailable', code, snapshot.user, snapshot.session);
    pause(retryAfter);
  };

  // 2. Requests.

  /** The host's own `fetch`, as it is now: what was put in its place meanwhile counts. */
  const send: Send = (input, init) => (own ?? fetch)(input, init);

  /** Asks, and waits for at most 15 seconds, or for as long as the caller's signal says. @throws what that was aborted with */
  const ask = async (
    method: string,
    path: string,
    mode: Mode,
    { body, headers, signal }: Question = {},
  ): Promise<Answer> => {
    const limit = new AbortController();
    const abort = () => limit.abort(signal?.reason);
    const deadline = setTimeout(abort, 15_000);
    // A controller has what a listener is added with: a signal that takes it away again.
    signal?.addEventListener('abort', abort, limit);
    try {
      if (signal?.aborted) abort();
      const reply = await request(
        new URL(url + path),
        {
          method,
          // What is asked is of this moment, and its answer never leads elsewhere.
          cache: 'no-store',
          redirect: 'error',
          keepalive: mode === LOGOUT,
          signal: limit.signal,
          headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
          body: body && JSON.stringify(body),
        } as RequestInit,
        mode,
      );
      const problem = await problemOf(reply);
      if (problem) return [problem];
      // A captive portal that replies in place of the service sends no JSON, or a 204 where there is something to be read: that is no answer.
      return [null, reply.status === 204 && method !== 'GET' ? undefined : await reply.json()];
    } catch (error) {
      if (signal?.aborted) throw error;
      // Browsers do not say why there is no answer.
      const detail = elsewhere && `Is ${elsewhere} in CORS_ORIGINS?`;
      return [error instanceof AuthProblem ? error : new AuthProblem({ code: 'unreachable', detail }, error)];
    } finally {
      clearTimeout(deadline);
      // All of it that matters was read: nothing hangs on the caller's signal any longer.
      abort();
    }
  };

  /** Sends a request with the ticket, to the service or to an origin that is trusted with it. */
  const request = async (input: string | URL | Request, init: RequestInit = {}, mode: Mode = 0): Promise<Response> => {
    arm();
    const target = new URL((input as Request).url ?? input, url);
    const to = (input as Request).url ? (input as Request) : target;
    if (![origin, ...trust].includes(target.origin) || init.credentials === 'omit') return send(to, init);
    if (mode < ME) await gate;
    const who = snapshot.user?.id;
    const reply = await (sendWithToken
      ? sendWithToken(to, init, mode, target.origin === origin)
      : send(to, { ...init, credentials: mode !== LOGOUT && isLeaving() ? 'omit' : 'include' }));
    if (mode < ME && who) {
      await gate;
      // By the session's cookie, which nothing can renew. But another tab may just have replaced it.
      if (!sendWithToken && reply.status === 401 && isOver(await problemOf(reply))) await check();
      if (who !== snapshot.user?.id && snapshot.status !== 'signed-out')
        throw new AuthProblem({ code: 'user_changed' });
    }
    return reply;
  };

  /** Calls a route of the service by its path in the document, and applies what the reply means for the session. */
  const call = async (method: string, path: string, { path: values, query, body, ...options }: Call = {}) => {
    const isLogin = LOGINS.test(path);
    const begins = BEGINNINGS.test(path);
    if (isLogin || begins) {
      if (!(await deliver())) return { problem: new AuthProblem({ code: 'unreachable' }) };
      // Another session's ticket may be replaced under the eyes of other tabs: they show nothing more until they know whose it is.
      await tell({ hold: true });
    }
    const [problem, data] = await alone(`${method} ${path}`, async (mode) => {
      const answer = await ask(method, pathOf(path, values, query), isLogin ? PLAIN : mode, {
        ...options,
        body: begins ? { strategy: 'session', ...wish?.(), ...body } : body,
      });
      await signIn(answer[1]);
      return answer;
    });
    if (isLogin || begins) {
      // A reply of which only the beginning came may have left the ticket of another user.
      if (problem?.status === 0) await check();
      await tell({});
      // Between sites browsers keep no cookies, and say nothing.
      if (data?.user && elsewhere && (await check()).status === 'signed-out')
        return { problem: new AuthProblem({ code: 'cookies_blocked' }) };
    } else if (!problem && method !== 'GET' && (snapshot.user || snapshot.reason === 'enrolment_required'))
      await check();
    return { data, problem };
  };

  // 3. What is asked by itself.

  const look = async (): Promise<Snapshot> => {
    arm();
    if (hint && !hint() && snapshot.status === 'unknown') set('signed-out');
    else if (!(await deliver())) set('signed-out', 'logout');
    else {
      const began = snapshot;
      const [problem, data] = await ask('GET', '/auth/me', ME);
      if (began !== snapshot) return /^signed/.test(snapshot.status) ? snapshot : look();
      if (isOver(problem)) await end(problem!.code);
      else if (problem?.code === 'forbidden') await signOut('enrolment_required');
      else if (!(await signIn(data))) fail(problem ?? new AuthProblem({ code: 'unexpected_reply' }));
    }
    return snapshot;
  };

  const check = shared(look);

  /** Tells the service of a logout. Until it was told, the browser's cookies are not used. */
  const leave = shared(async () => {
    isLeaving(true);
    const [problem] = await alone('POST /auth/logout', () => ask('POST', '/auth/logout', LOGOUT));
    // Only a logout that may yet succeed is tried again.
    if (/^(0|429|5)/.test(problem?.status as unknown as string)) pause(problem!.retryAfter);
    else isLeaving(false);
    return problem;
  });

  const deliver = async () => {
    await load?.();
    if (isLeaving()) await leave();
    return !isLeaving();
  };

  // 4. Other tabs.

  let channel: Channel | undefined;
  /** While a user signs in in another tab, nothing is sent and no answer is given out. */
  let gate: Promise<unknown> | undefined;
  let open: ((first?: unknown) => void) | undefined;

  const hear = ({ data: { hold, user, session, reason } }: { data: TabMessage }) => {
    const { status, user: known, session: current } = snapshot;
    open = open?.() as undefined;
    if (hold && known)
      gate = new Promise((done) => {
        open = done;
        // Longer than a login can take.
        setTimeout(() => open === done && done(check()), 16_000);
      });
    if (user && user !== known?.id) {
      set('unknown');
      // Before anything else, the client asks who is signed in now.
      gate = check();
    } else if (session && session !== current?.id) {
      if (status !== 'signed-out') void check();
    } else if (reason && session) void signOut(reason, true);
  };

  // 5. The page.

  let armed: AbortController | undefined;

  /** Whether the page is visible; where there are no pages, always. */
  const isVisible = () => !host.document?.hidden;

  /** From now on this tab hears of the others and of the page. */
  const arm = () => {
    if (armed || !host.addEventListener) return;
    armed = new AbortController();
    for (const type of ['online', 'pageshow', 'visibilitychange']) host.addEventListener(type, onWake, armed);
    channel = link(name, hear);
  };

  const onWake = ({ persisted }: { persisted?: boolean }) => {
    if (!isVisible()) return;
    // Out of the back-forward cache, where nothing was heard: what it showed may be over.
    if (persisted && snapshot.user) set('unknown');
    if (wake() || persisted) void check();
  };

  const [isPaused, pause, rest, wake, stop] = pausesOf((ms) =>
    armed ? setTimeout(() => isVisible() && check(), ms) : undefined,
  );
  const [
    sendWithToken,
    alone = (_, run) => run(CALL),
    load,
    wish,
    tell = (message) => channel?.postMessage(message),
    link = channelOf,
  ] =
    transport?.(name, getSnapshot, isLeaving, isPaused, isVisible, send, ask, check, end, fail) ??
    ([] as Partial<Tokens>);
  set('unknown');
  // Whatever comes next is another one.
  essence = '';

  const method =
    (verb: string) =>
    (path: string, given?: Anything): Promise<Anything> =>
      call(verb, path, given);
  const step = async (path: string, body: object): Promise<Anything> => {
    const { data, problem } = await call('POST', path, { body });
    return data ?? { status: 'problem', problem };
  };

  return {
    login: (body) => step('/auth/login', body),
    loginFactor: (body) => step('/auth/login/factor', body),
    stepUp: (_problem, proof) => step('/auth/step-up', proof),
    async logout() {
      const problem = await leave();
      const isPending = isLeaving();
      if (problem && !isPending) return { status: 'problem', problem };
      await signOut('logout');
      return { status: isPending ? 'pending' : 'signed-out' };
    },
    fetch: (input, init) => request(input, init),
    get: method('GET'),
    post: method('POST'),
    put: method('PUT'),
    patch: method('PATCH'),
    delete: method('DELETE'),
    session: {
      getSnapshot,
      subscribe(listener, initial) {
        arm();
        listeners.add(listener);
        // Later it is out of date: what is unknown then is so because another user has signed in.
        if (initial && !essence) snapshot = initial;
        if (snapshot.status === 'unknown') void check();
        return () => {
          listeners.delete(listener);
        };
      },
      check,
    },
    dispose() {
      armed = armed?.abort() as undefined;
      channel = channel?.close() as undefined;
      open = open?.() as undefined;
      stop();
    },
  };
}
