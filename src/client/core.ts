import type { Client } from './contract.js';
import { type Channel, channelOf, host, now } from './host.js';
import { AuthProblem, isOver, problemOf } from './problem.js';
import type { Session, User } from './routes.js';
import type { Snapshot } from './snapshot.js';
import {
  type Answer,
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

/** Routes that begin a session, and are told how its tickets are to travel. */
export const BEGINNINGS = /^\/auth\/login(\/passkey|\/federated|\/mailbox)?$|\/impersonate$/;

/**
 * Who is signed in, as far as this tab knows, and how that changes: `docs/design/client.md`. It is one closure, and terse: every page that
 * uses it loads it, a minifier shortens what is inside a function and nothing that objects tell each other.
 */
export function createCore({ baseUrl, transport, trust = [], fetch: own, hint }: CoreSettings): Client<Anything> {
  const base = new URL(baseUrl, host.location?.href);
  const { origin } = base;
  const url = base.href.replace(/\/$/, '');
  /** Of the page, where it is another's. */
  const elsewhere = [host.location?.origin].find((one) => one !== origin);
  /** Tells this service from others, for other tabs too. */
  const name = `coatcheck ${url}`;
  const listeners = new Set<() => void>();

  let essence: string | undefined;
  let snapshot!: Snapshot;
  let checking: Promise<Snapshot> | undefined;
  let leaving: Promise<AuthProblem | null> | undefined;
  let isLeavingHere = false;
  /** From when on who is signed in is asked again by a page that is looked at; after failures, by any. */
  let dueAt = Infinity;
  /** While a user signs in in another tab, nothing is sent and no answer is given out. */
  let gate: Promise<unknown> | undefined;
  let open: (() => void) | undefined;
  let failures = 0;
  /** Failures up to which no pause is ended early. */
  let wokenAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let armed: AbortController | undefined;
  let channel: Channel | undefined;

  /** The host's own `fetch`, as it is now: what was put in its place meanwhile counts. */
  const send: Send = (input, init) => (own ?? fetch)(input, init);

  /** Asks, and waits for at most 15 seconds, or for as long as the caller's signal says. @throws what that was aborted with */
  async function ask(
    method: string,
    path: string,
    mode: Mode,
    { body, headers, signal }: Question = {},
  ): Promise<Answer> {
    const take = expect?.();
    const limit = new AbortController();
    const abort = () => limit.abort(signal?.reason);
    const deadline = setTimeout(abort, 15_000);
    signal?.addEventListener('abort', abort, { signal: limit.signal });
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
      // A captive portal that replies in place of the service sends no JSON: that is no answer.
      const data = reply.status === 204 ? undefined : await reply.json();
      await take?.(data);
      return [null, data];
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
  }

  /** Sends a request with the ticket, to the service or to an origin that is trusted with it. */
  async function request(input: string | URL | Request, init: RequestInit = {}, mode: Mode = 0): Promise<Response> {
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
  }

  /** Calls a route of the service by its path in the document, and applies what the reply means for the session. */
  async function call(method: string, path: string, { path: values, query, body, ...rest }: Call = {}) {
    const isLogin = /^\/auth\/login(?!.*options)/.test(path);
    if (isLogin) {
      if (!(await deliver())) return { problem: new AuthProblem({ code: 'unreachable' }) };
      // Another session's ticket may be replaced under the eyes of other tabs: they show nothing more until they know whose it is.
      await tell({ hold: true });
    }
    const [problem, data] = await alone(`${method} ${path}`, async (mode) => {
      const answer = await ask(
        method,
        // A value that is empty, or dots, would name another route.
        path.replace(/{(\w+)}/g, (_, key) => encodeURIComponent(values![key]!).replace(/^\.*$/, '~$&')) +
          (query ? `?${new URLSearchParams(JSON.parse(JSON.stringify(query)))}` : ''),
        isLogin ? PLAIN : mode,
        { ...rest, body: BEGINNINGS.test(path) ? { strategy: 'session', ...wish?.(), ...body } : body },
      );
      if (answer[1]?.status === 'enrolment_required') await signOut('enrolment_required');
      else await signIn(answer[1]);
      return answer;
    });
    if (isLogin) {
      await tell({});
      // Between sites browsers keep no cookies, and say nothing.
      if (data?.user && elsewhere && (await check()).status === 'signed-out')
        return { problem: new AuthProblem({ code: 'cookies_blocked' }) };
    } else if (!problem && method !== 'GET' && (snapshot.user || snapshot.reason)) await check();
    return { data, problem };
  }

  function set(
    status: Snapshot['status'],
    reason: string | null = null,
    user: User | null = null,
    session: Session | null = null,
  ): void {
    const next = { status, user, session, reason } as Snapshot;
    // Without what changes with each answer and means nothing: equal snapshots stay the same object, and no listener is called.
    const text = JSON.stringify(next, (key, value) => (/^(lastSeen|expires)/.test(key) ? 0 : value));
    if (text === essence) return;
    essence = text;
    snapshot = next;
    // Each by itself and later: nothing of ours waits for a listener, and none keeps the others from hearing.
    listeners.forEach(queueMicrotask);
  }

  function fail({ retryAfter, code }: AuthProblem): void {
    if (snapshot.status === 'signed-out') return;
    set('unavailable', code, snapshot.user, snapshot.session);
    again(retryAfter);
  }

  const isPaused = () => failures > 0 && now() < dueAt;

  /** Asks again after a pause, longer each time. */
  function again(retryAfter?: number): void {
    if (isPaused()) return;
    failures++;
    // 2, 4, 8 ... 60 seconds and up to three quarters more, or as long as the service said, so that not all come back at once.
    const ms = Math.max(retryAfter || 0, Math.min(60, 2 ** failures) * 1.25) * (1000 + Math.random() * 400);
    dueAt = now() + ms;
    clearTimeout(timer);
    // Where there is no page, the next request does it.
    if (armed) timer = setTimeout(() => isVisible() && check(), ms + 10);
  }

  /** There was an answer. */
  function rest(until = Infinity): void {
    clearTimeout(timer);
    failures = wokenAt = 0;
    dueAt = until;
  }

  function check(): Promise<Snapshot> {
    checking ??= look().finally(() => {
      checking = undefined;
    });
    return checking;
  }

  async function look(): Promise<Snapshot> {
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
  }

  /** Takes from a reply who is signed in. @returns whether it says so */
  async function signIn(data: Answer[1]): Promise<boolean> {
    const { user, session } = data ?? {};
    if (!user || !session) return false;
    const isNews = snapshot.session?.id !== session.id;
    // Who comes back to the page later asks again.
    rest(now() + 60_000);
    set('signed-in', null, user, session);
    if (isNews) await tell({ user: user.id, session: session.id });
    return true;
  }

  async function end(code: string): Promise<false> {
    if (snapshot.status !== 'signed-out') await signOut(code === 'session_ended' || snapshot.user ? code : null);
    return false;
  }

  async function signOut(reason: string | null, isHeard?: boolean): Promise<void> {
    const session = snapshot.session?.id;
    rest();
    set('signed-out', reason);
    if (!isHeard) await tell({ session, reason });
    if (isLeaving()) again();
  }

  /** Whether the page is visible; where there are no pages, always. */
  const isVisible = () => host.document?.visibilityState !== 'hidden';

  /**
   * Whether there is a logout that the service has not heard of. It outlives the page, other tabs know of it, and until the service was
   * told the browser's cookies are not used.
   */
  function isLeaving(is?: boolean): boolean {
    isLeavingHere = is ?? isLeavingHere;
    try {
      const storage = host.localStorage!;
      if (is) storage[name] = '1';
      else if (is === false) delete storage[name];
      return name in storage;
    } catch {
      // Where storage is forbidden, even to look at it is refused.
      return isLeavingHere;
    }
  }

  async function deliver(): Promise<boolean> {
    await load?.();
    if (isLeaving()) await leave();
    return !isLeaving();
  }

  function leave(): Promise<AuthProblem | null> {
    isLeaving(true);
    leaving ??= alone('POST /auth/logout', () => ask('POST', '/auth/logout', LOGOUT)).then(([problem]) => {
      leaving = undefined;
      // Only a logout that may yet succeed is tried again.
      if (/^(0|429|5)/.test(`${problem?.status}`)) again(problem!.retryAfter);
      else isLeaving(false);
      return problem;
    });
    return leaving;
  }

  function hear({ data: message }: { data: TabMessage }): void {
    if (hearToken?.(message)) return;
    const { hold, user, session, reason } = message;
    const { status, user: known, session: current } = snapshot;
    open?.();
    if (hold && known)
      gate = new Promise<unknown>((done) => {
        open = done as () => void;
        // Longer than a login can take.
        setTimeout(() => done(check()), 16_000);
      });
    if (user && user !== known?.id) {
      set('unknown');
      // Before anything else, the client asks who is signed in now.
      gate = check();
    } else if (session && session !== current?.id) {
      if (status !== 'signed-out') void check();
    } else if (reason && session) void signOut(reason, true);
  }

  /** From now on this tab hears of the others and of the page. */
  function arm(): void {
    if (armed || !host.addEventListener) return;
    armed = new AbortController();
    const { signal } = armed;
    armTokens?.(signal);
    for (const type of ['online', 'pageshow', 'visibilitychange']) host.addEventListener(type, wake, { signal });
    channel = channelOf(name);
    if (channel) channel.onmessage = hear;
  }

  function wake({ persisted }: { persisted?: boolean }): void {
    if (!isVisible()) return;
    // Only one pause of two is ended early: what comes and goes must not become a storm.
    if (failures > wokenAt) {
      wokenAt = failures + 1;
      dueAt = -1;
    }
    // Out of the back-forward cache, where nothing was heard: what it showed may be over.
    if (persisted && snapshot.user) set('unknown');
    if (persisted || now() > dueAt) void check();
  }

  const getSnapshot = () => snapshot;
  const [sendWithToken, expect, alone = (_, run) => run(0), load, wish, tellWithToken, hearToken, armTokens] =
    transport?.(name, getSnapshot, isLeaving, isPaused, isVisible, send, ask, check, end, fail) ??
    ([] as Partial<Tokens>);
  const tell = (message: TabMessage) => (tellWithToken ? tellWithToken(message) : channel?.postMessage(message));
  set('unknown');
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
      arm();
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
        if (snapshot.status === 'unknown') {
          snapshot = initial ?? snapshot;
          if (snapshot.status === 'unknown') void check();
        }
        return () => {
          listeners.delete(listener);
        };
      },
      check,
    },
    dispose() {
      armed = armed?.abort() as undefined;
      channel = channel?.close() as undefined;
      clearTimeout(timer);
      open?.();
    },
  };
}
