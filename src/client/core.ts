import type { Client } from './contract.js';
import { type Channel, channelOf, host, now } from './host.js';
import { AuthProblem, isOver, problemOf } from './problem.js';
import type { Session, User } from './routes.js';
import type { Snapshot } from './snapshot.js';
import type { Answer, CoreSettings, Question, Send, TabMessage } from './transport.js';

// biome-ignore lint/suspicious/noExplicitAny: what a route takes and answers, client.ts says
type Anything = any;

/** A call of a route, as it is made at run time. */
interface Call extends Question {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: object;
}

/** Routes that begin a session and are told of which strategy. */
export const LOGINS = /^\/auth\/login(\/passkey|\/federated)?$/;

/** What is asked is of this moment, and its answer never leads elsewhere. */
const CAREFUL = { cache: 'no-store', redirect: 'error' } as const;

/**
 * Who is signed in, as far as this tab knows, and how that changes: `docs/design/client.md`. It is one closure, and terse: every page that
 * uses it loads it, a minifier shortens what is inside a function and nothing that objects tell each other.
 */
export function createCore({ baseUrl, transport, trust = [], fetch: own, hint }: CoreSettings): Client<Anything> {
  const base = new URL(baseUrl, host.location?.href);
  const { origin } = base;
  const url = base.href.replace(/\/$/, '');
  const page = host.location?.origin;
  const isElsewhere = page && page !== origin;
  /** Tells this service from others, for other tabs too. */
  const name = `coatcheck ${url}`;
  const listeners = new Set<() => void>();

  let essence: string | undefined;
  let snapshot!: Snapshot;
  let checking: Promise<Snapshot> | undefined;
  let leaving: Promise<AuthProblem | undefined> | undefined;
  let isLeavingHere = false;
  let etag: string | null | undefined;
  /** From when on a page that is looked at again asks again; 0: never. */
  let dueAt = 0;
  let seenHint = hint?.();
  /** While a user signs in in another tab, nothing is sent and no answer is given out. */
  let gate: Promise<unknown> | undefined;
  let open: (() => void) | undefined;
  let failures = 0;
  let pausedUntil = 0;
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
    { body, headers, signal, ...init }: Question = {},
    via = send,
  ): Promise<Answer> {
    const limit = new AbortController();
    const abort = () => limit.abort(signal?.reason);
    const deadline = setTimeout(abort, 15_000);
    signal?.addEventListener('abort', abort, { signal: limit.signal });
    try {
      if (signal?.aborted) abort();
      const reply = await via(new URL(url + path), {
        method,
        ...CAREFUL,
        ...init,
        signal: limit.signal,
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
        body: body && JSON.stringify(body),
      });
      const problem = await problemOf(reply);
      if (problem) return { problem };
      // A captive portal that replies in place of the service sends no JSON: that is no answer.
      return /04/.test(`${reply.status}`) ? {} : { data: await reply.json(), etag: reply.headers.get('etag') };
    } catch (error) {
      if (signal?.aborted) throw error;
      // Browsers do not say why there is no answer.
      const detail = isElsewhere ? `Is ${page} in CORS_ORIGINS?` : undefined;
      return {
        problem: error instanceof AuthProblem ? error : new AuthProblem({ code: 'unreachable', detail }, error),
      };
    } finally {
      clearTimeout(deadline);
      // All of it that matters was read: nothing hangs on the caller's signal any longer.
      abort();
    }
  }

  /** Sends a request with the ticket, to the service or to an origin that is trusted with it. @param isOwn whether others wait for its answer */
  async function request(input: string | URL | Request, init: RequestInit = {}, isOwn?: boolean): Promise<Response> {
    arm();
    const target = new URL((input as Request).url ?? input, url);
    const to = (input as Request).url ? (input as Request) : target;
    if (![base, ...trust].some((one) => new URL(one).origin === target.origin) || init.credentials === 'omit')
      return send(to, init);
    if (!isOwn) await gate;
    const who = snapshot.user?.id;
    const reply = await (sendWithToken
      ? sendWithToken(to, init, target)
      : send(to, { credentials: isLeaving() ? 'omit' : 'include', ...init }));
    if (!isOwn && who) {
      await gate;
      // By the session's cookie, which nothing can renew. But another tab may just have replaced it.
      if (!sendWithToken && reply.status === 401 && isOver(await problemOf(reply))) await check();
      if (who !== snapshot.user?.id && snapshot.status !== 'signed-out')
        throw new AuthProblem({ code: 'user_changed' });
    }
    return reply;
  }

  const asOwn: Send = (input, init) => request(input, init, true);

  /** Calls a route of the service by its path in the document, and applies what the reply means for the session. */
  async function call(
    method: string,
    path: string,
    { path: values, query, body, ...rest }: Call = {},
  ): Promise<Answer> {
    const isLogin = /^\/auth\/login(?!.*options)/.test(path);
    if (isLogin) {
      if (!(await deliver())) return { problem: new AuthProblem({ code: 'unreachable' }) };
      // Another session's ticket may be replaced under the eyes of other tabs: they show nothing more until they know whose it is.
      await tell({ hold: true });
    }
    const { problem, data } = await ask(
      method,
      path.replace(/{(\w+)}/g, (_, key) => encodeURIComponent(values![key]!)) +
        (query ? `?${new URLSearchParams(JSON.parse(JSON.stringify(query)))}` : ''),
      { ...rest, body: LOGINS.test(path) ? { strategy: 'session', ...body } : body },
      isLogin ? asOwn : request,
    );
    await adopt(data);
    if (isLogin) {
      await tell({});
      // Between sites browsers keep no cookies, and say nothing.
      if (data?.user && isElsewhere && (await check()).status === 'signed-out')
        return { problem: new AuthProblem({ code: 'cookies_blocked' }) };
    } else if (!problem && method !== 'GET' && (snapshot.user || snapshot.reason)) await check();
    return { data, problem };
  }

  /** Takes from a reply who is signed in. */
  async function adopt(data: Answer['data']): Promise<void> {
    const status = data?.status;
    if (status === 'authenticated') await signIn(data);
    if (status === 'enrolment_required') await signOut(status);
  }

  function set(
    status: Snapshot['status'],
    user: User | null = null,
    session: Session | null = null,
    reason: string | null = null,
  ) {
    // Without what changes with each answer and means nothing: equal snapshots stay the same object, and no listener is called.
    const next = JSON.stringify([status, user, session, reason], (key, value) =>
      /^(lastSeen|expires)/.test(key) ? 0 : value,
    );
    if (next === essence) return;
    essence = next;
    snapshot = { status, user, session, reason } as Snapshot;
    // Each by itself and later: nothing of ours waits for a listener, and none keeps the others from hearing.
    for (const listener of listeners) queueMicrotask(listener);
  }

  function fail({ retryAfter, code }: AuthProblem): void {
    if (snapshot.status === 'signed-out') return;
    set('unavailable', snapshot.user, snapshot.session, code);
    if (!isPaused()) again(check, retryAfter);
  }

  const isPaused = () => now() < pausedUntil;

  /** Asks again after a pause, longer each time. Without anything to ask: there was an answer. */
  function again(run?: () => unknown, retryAfter?: number): void {
    clearTimeout(timer);
    failures = run ? failures + 1 : 0;
    if (!run) wokenAt = 0;
    dueAt = run ? -1 : 0;
    // 2, 4, 8 ... 60 seconds and up to three quarters more, or as long as the service said, so that not all come back at once.
    const ms = run ? (retryAfter ?? Math.min(60, 2 ** failures) * 1.25) * (1000 + Math.random() * 400) : 0;
    pausedUntil = now() + ms;
    // Where there is no page, the next request does it.
    if (run && armed) timer = setTimeout(() => isVisible() && run(), ms + 10);
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
    else if (!(await deliver())) await signOut('logout', true);
    else {
      const began = snapshot;
      const headers: Record<string, string> = etag && began.user ? { 'if-none-match': etag } : {};
      const { problem, data, etag: tag } = await ask('GET', '/auth/me', { headers }, asOwn);
      if (began !== snapshot) return /^signed/.test(snapshot.status) ? snapshot : look();
      if (isOver(problem)) await end(problem!.code);
      else if (problem?.code === 'forbidden') await signOut('enrolment_required');
      else if (problem) fail(problem);
      else {
        // Without data: nothing has changed, so what is known holds.
        await signIn(data ?? snapshot);
        etag = tag ?? etag;
      }
    }
    return snapshot;
  }

  async function signIn({ user, session }: { user: User; session: Session }): Promise<void> {
    const isNews = snapshot.session?.id !== session.id;
    again();
    // Who comes back to the page later asks again.
    dueAt = now() + 60_000;
    seenHint = hint?.();
    set('signed-in', user, session);
    if (isNews) await tell({ user: user.id, session: session.id });
  }

  async function end(code: string): Promise<void> {
    if (snapshot.status !== 'signed-out') await signOut(code === 'session_ended' || snapshot.user ? code : null);
  }

  async function signOut(reason: string | null, isHeard?: boolean): Promise<void> {
    const session = snapshot.session?.id;
    again();
    set('signed-out', null, null, reason);
    if (!isHeard) await tell({ session, reason });
    if (isLeaving()) again(leave);
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

  function leave(): Promise<AuthProblem | undefined> {
    isLeaving(true);
    const how = { credentials: 'include', keepalive: true } as const;
    leaving ??= ask('POST', '/auth/logout', how, asOwn).then(({ problem }) => {
      leaving = undefined;
      const status = problem?.status ?? 1;
      // Only a logout that may yet succeed is tried again.
      if (status && status !== 429 && status < 500) isLeaving(false);
      else again(leave, problem?.retryAfter);
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
      gate = new Promise<void>((done) => {
        open = done;
        // Longer than a login can take.
        setTimeout(() => check().finally(done), 16_000);
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
    if (isPaused() && failures > wokenAt) {
      wokenAt = failures + 1;
      pausedUntil = 0;
    }
    const { status, user } = snapshot;
    const isOther = hint?.() !== seenHint;
    // Out of the back-forward cache, where nothing was heard: what it showed may be over.
    if (persisted && user && (isOther || !seenHint)) set('unknown');
    if (persisted || (!isPaused() && ((dueAt && now() > dueAt) || (status !== 'unknown' && isOther)))) void check();
  }

  const getSnapshot = () => snapshot;
  const [sendWithToken, load, tellWithToken, hearToken, armTokens] =
    transport?.(name, origin, getSnapshot, isLeaving, isPaused, isVisible, send, ask, check, adopt, end, fail) ?? [];
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
      armed?.abort();
      armed = undefined;
      clearTimeout(timer);
      open?.();
      channel?.close();
      channel = undefined;
    },
  };
}
