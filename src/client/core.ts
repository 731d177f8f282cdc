import type { Client, ClientSettings } from './contract.js';
import { type Channel, channelOf, host, marked, now, shared } from './host.js';
import { AuthProblem, isOver, problemOf } from './problem.js';
import type { Session, User } from './routes.js';
import type { Snapshot } from './snapshot.js';
import {
  type Answer,
  CALL,
  LOGOUT,
  ME,
  type Mode,
  PLAIN,
  type Question,
  type TabMessage,
  type Tokens,
} from './transport.js';

/** Routes by which a user signs in here, or an admin acts as another: they begin a session, all but the second step of a login. A dot for a slash is shorter. */
export const BEGINNING = /^.auth.(login)(.\w+)?$|impersonate$/;

/**
 * A client of the service at `baseUrl`. It asks nothing until a listener subscribes to its session or a request is made.
 *
 * @example
 * const client = createClient({ baseUrl: 'https://auth.example.com' });
 * const outcome = await client.login({ email, password });
 * if (outcome.status === 'authenticated') greet(outcome.user);
 */
// Who is signed in, as far as this tab knows, and how that changes: `docs/design/client.md`. It is one closure, and terse: every page that uses
// it loads it, a minifier shortens what is inside a function and nothing that objects tell each other. Everything that is learnt ends in `set`;
// the client finds out by `check`; a request of the page goes through `request`, and a call of a route through `call`, `ask`, `request`.
export function createClient({
  baseUrl,
  transport,
  trust = [],
  fetch: send = (input, init) => fetch(input, init),
}: ClientSettings): Client {
  const here = host.location;
  const { origin, href } = new URL(baseUrl, here?.href);
  const url = href.replace(/\/$/, '');
  /** Whether the page is of another origin. */
  const isElsewhere = here && here.origin !== origin;
  /** Tells this service from others, for other tabs too. */
  const name = `coatcheck ${url}`;

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
    const next = { status, reason, user, session } as Snapshot;
    // Without what changes with each answer and means nothing: equal snapshots stay the same object, and no listener is called.
    const text = JSON.stringify(next, (key, value) => /^(lastS|expir)/.test(key) || value);
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
    if (user && session) {
      const isNews = snapshot.session?.id !== session.id;
      // Who comes back to the page later asks again.
      rest(60_000);
      set('signed-in', null, user, session);
      if (isNews) await tell([false, session.id, user.id]);
      return user;
    }
  };

  const signOut = async (reason: string | null, isHeard?: boolean) => {
    const session = snapshot.session?.id;
    // A logout that the service has not heard of is told it later.
    if (!isLeaving()) rest();
    set('signed-out', reason);
    if (!isHeard) await tell([false, session, false, reason]);
  };

  /** The service was asked who is signed in, or for tokens, and says that no user is; or it could not answer. */
  const fail = async (problem: AuthProblem | null) => {
    const { code = 'unexpected_reply' } = problem ?? ({} as AuthProblem);
    const { status, user, session } = snapshot;
    if (code === 'forbidden') await signOut('enrolment_required');
    else if (status !== 'signed-out') {
      if (isOver(problem)) await signOut(code === 'session_ended' || user ? code : null);
      else {
        set('unavailable', code, user, session);
        pause(problem);
      }
    }
  };

  // 2. Requests.

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
        url + path,
        {
          method,
          // What is asked is of this moment, and its answer never leads elsewhere.
          cache: 'no-store',
          redirect: 'error',
          keepalive: mode === LOGOUT,
          signal: limit.signal,
          headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
          body: JSON.stringify(body),
        } as RequestInit,
        mode,
      );
      const problem = await problemOf(reply);
      // A captive portal that replies in place of the service sends no JSON, or a 204 where there is something to be read: that is no answer.
      return [problem, problem || (reply.status === 204 && method !== 'GET') ? undefined : await reply.json()];
    } catch (error) {
      if (signal?.aborted) throw error;
      // Browsers do not say why there is no answer.
      return [
        error instanceof AuthProblem
          ? error
          : new AuthProblem({ code: 'unreachable', detail: isElsewhere && 'CORS_ORIGINS?', cause: error }),
      ];
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
    if (![origin, ...trust].includes(target.origin)) return send(to, init);
    const who = mode < ME && snapshot.user?.id;
    /** Waits until it is known who is signed in. @throws AuthProblem when that is another user than the one who asked */
    const settle = async () => {
      if (mode < ME) await gate;
      if (who && who !== snapshot.user?.id && snapshot.status !== 'signed-out')
        throw new AuthProblem({ code: 'user_changed' });
    };
    await settle();
    const reply = await (sendWithToken
      ? sendWithToken(to, init, mode, target.origin === origin, settle)
      : send(to, { ...init, credentials: mode !== LOGOUT && isLeaving() ? 'omit' : 'include' }));
    // By the session's cookie, which nothing can renew. But another tab may just have replaced it.
    if (who && !sendWithToken && isOver(await problemOf(reply))) await check();
    await settle();
    return reply;
  };

  const call: Client['call'] = async (method, path, { body, ...options } = {}) => {
    const [begins, isLogin, step] = BEGINNING.exec(path) ?? [];
    let problem: Answer[0] = new AuthProblem({ code: 'unreachable' });
    let data: Answer[1];
    if (begins && (await isStuck())) return { problem };
    try {
      [problem, data] = await alone(method + path, async (mode) => {
        // Another session's ticket may be replaced under the eyes of other tabs: they show nothing more until they know whose it is.
        if (begins) await tell([true]);
        const answer = await ask(method, path, isLogin ? PLAIN : mode, {
          ...options,
          body: begins && step !== '/factor' ? { strategy: 'session', ...wish?.(), ...body } : body,
        });
        // What else is asked may be answered under another state, and tells the session nothing.
        if (begins) await signIn(answer[1]);
        return answer;
      });
    } finally {
      if (begins) {
        // A reply of which only the beginning came, or that the caller did not wait for, may have left the ticket of another user.
        if (problem?.status === 0) await check();
        await tell([]);
      }
    }
    if (begins) {
      // Between sites browsers keep no cookies, and say nothing.
      if (data?.user && isElsewhere && (await check()).status === 'signed-out')
        return { problem: new AuthProblem({ code: 'cookies_blocked' }) };
    } else if (!problem && method !== 'GET' && (snapshot.user || snapshot.reason === 'enrolment_required'))
      await check();
    return { data, problem };
  };

  // 3. What is asked by itself.

  const check = shared(async () => {
    do {
      if (await isStuck()) set('signed-out', 'logout');
      else {
        const began = snapshot;
        const [problem, data] = await ask('GET', '/auth/me', ME);
        // Else it was asked under another state.
        if (began === snapshot && !(await signIn(data))) await fail(problem);
      }
    } while (snapshot.status === 'unknown');
    return snapshot;
  });

  /** Tells the service of a logout. Until it was told, the browser's cookies are not used. */
  const leave = shared(async () => {
    isLeaving('1');
    const [problem] = await alone('/auth/logout', () => ask('POST', '/auth/logout', LOGOUT));
    // Only a logout that may yet succeed is tried again.
    if (problem && (!problem.status || problem.status > 428)) pause(problem);
    else isLeaving('');
    return problem;
  });

  /** @returns whether there is a logout that the service could not be told of, so that nothing else can be asked */
  const isStuck = async () => {
    await load?.();
    if (isLeaving()) await leave();
    return isLeaving();
  };

  /** What is known where storage is forbidden, or full: here alone. */
  let mark: string | false | undefined;
  /** Whether there is a logout that the service has not heard of: a mark that outlives the page, and that other tabs see. */
  const isLeaving = (is?: string) => {
    const kept = marked(name, is);
    if (is != null) mark = kept == null && is;
    return kept || mark;
  };

  // 4. When it is asked again.

  /** When a page that the user comes back to asks again, or a pause is over, first what a server knew when it made the page; what is no number is before no moment: never. */
  let dueAt: number | undefined = 60_000;
  let failures = 0;
  /** Failures up to which no pause is ended early. */
  let wokenAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether the service could not answer a moment ago, so is not asked. */
  const isPaused = () => failures && now() < dueAt!;

  /** The service could not answer: it is asked again later, after each failure later than before. */
  const pause = (problem: AuthProblem | null) => {
    const seconds = problem?.retryAfter as number;
    if (isPaused()) return;
    failures++;
    // 2, 4, 8 ... 90 seconds (at most twelve tries in ten minutes) or as long as the service said, an hour at most, and up to as long again: so that not all come back at once.
    const ms = Math.min(3600, seconds > 0 ? seconds : Math.min(90, 2 ** failures)) * (1 + Math.random()) * 1000;
    dueAt = now() + ms;
    clearTimeout(timer);
    if (armed) timer = setTimeout(() => isVisible() && check(), ms + 10);
  };

  /** It has answered. @param ms after which a page that the user comes back to asks again; default: it does not */
  const rest = (ms?: number) => {
    clearTimeout(timer);
    failures = wokenAt = 0;
    dueAt = now() + ms!;
  };

  // 5. Other tabs.

  let channel: Channel | undefined;
  /** While a user signs in in another tab, nothing is sent and no answer is given out. */
  let gate: Promise<unknown> | undefined;
  let open: ((first?: unknown) => void) | undefined;

  const hear = ([hold, session, user, reason]: TabMessage) => {
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
    } else if ((session || reason) && session !== current?.id) {
      if (status !== 'signed-out') void check();
    } else if (reason && session) void signOut(reason, true);
  };

  // 6. The page.

  let armed: AbortController | undefined;

  /** Whether the page is visible; where there are no pages, always. */
  const isVisible = () => !host.document?.hidden;

  /** From now on this tab hears of the others and of the page. */
  const arm = () => {
    if (armed || !host.addEventListener) return;
    armed = new AbortController();
    // One by one, which compresses better than a loop.
    host.addEventListener('online', onWake, armed);
    host.addEventListener('pageshow', onWake, armed);
    host.addEventListener('visibilitychange', onWake, armed);
    channel = link(name, hear);
  };

  const onWake = ({ persisted }: { persisted?: boolean }) => {
    if (isVisible() || persisted) {
      // Out of the back-forward cache, where nothing was heard: what it showed may be over.
      if (persisted && snapshot.user) set('unknown');
      // Only one pause of two is ended early: what comes and goes must not become a storm.
      if (failures > wokenAt) {
        wokenAt = failures + 1;
        dueAt = -1;
      }
      if (now() > dueAt! || persisted) void check();
    }
  };

  const [
    sendWithToken,
    alone = (_, run) => run(CALL),
    wish,
    tell = (message) => channel?.postMessage(message),
    link = channelOf,
    load,
  ] = transport?.(name, getSnapshot, isLeaving, isPaused, isVisible, send, ask, check, fail) ?? ([] as Partial<Tokens>);
  set('unknown');
  // Whatever comes next is another one.
  essence = '';

  // biome-ignore lint/suspicious/noExplicitAny: what each route answers, contract.ts says
  const step = async (path: string, body: object): Promise<any> => {
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
    call,
    session: {
      getSnapshot,
      subscribe(listener, initial) {
        arm();
        listeners.add(listener);
        // Later it is out of date: what is unknown then is so because another user has signed in.
        if (initial && !essence && initial.status !== 'unavailable') snapshot = initial;
        if (snapshot.status === 'unknown') void check();
        return () => listeners.delete(listener);
      },
      check,
    },
    dispose() {
      clearTimeout(timer);
      open = open?.() as undefined;
      armed = armed?.abort() as undefined;
      channel = channel?.close() as undefined;
    },
  };
}
