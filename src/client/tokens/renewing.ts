import { type Channel, host } from '../host.js';
import { AuthProblem, problemOf } from '../problem.js';
import type { TabMessage, Transport } from '../transport.js';
import type { Carrier, DeliveredTokens } from './carrier.js';
import { repeatOf } from './repeat.js';
import { type Moment, moment, since } from './time.js';
import { turnsOf } from './turns.js';

/** Routes that are told how new tickets are to travel: those that begin a session, and those that give the current one others. */
export const WISHES =
  /^POST .*\/(auth\/(login(\/passkey|\/federated)?|step-up|password\/change|factors\/(totp\/confirm|recovery-codes|passkeys))|admin\/users\/[^/]+\/impersonate)$|^DELETE .*\/auth\/(factors|identities)\//;
const LOGIN = /^POST .*(\/auth\/login|\/impersonate)(?!.*options)/;
/** Codes after which a new ticket may help. */
const MENDABLE = /^(token_expired|session_ended|unauth)/;

/** The outcome of a renewal: new tokens; the end of the session; or neither, as the service could not be asked. */
type Renewal = 'renewed' | 'ended' | 'unavailable';

/** What tabs tell each other of new tokens; `left`: milliseconds. */
interface Shared {
  readonly token?: string;
  readonly left?: number;
}

/** Renews the tokens of a session: once for all that ask, in this tab and in others. A closure, for the reason of `core.ts`. */
export function renewing(carrierOf: () => Carrier): Transport {
  return (core) => {
    const carrier = carrierOf();
    const alone = turnsOf(core.name);
    const { isShared, isHeader } = carrier;
    /** Counts renewals: whether there has been one since. */
    let seen = 0;
    let from: Moment = moment();
    /** Of the access token, in milliseconds; undefined: not known. */
    let life: number | undefined;
    let current: Promise<Renewal> | undefined;
    let early: Promise<unknown> | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let doubtedAt = -1e9;
    let sender: Channel | undefined;
    /** By id, what this tab has told and not heard itself yet. */
    const echoes = new Map<string | undefined, () => void>();

    async function request(input: URL | Request, given: RequestInit, target: URL): Promise<Response> {
      const isOwn = target.origin === core.origin;
      const route = isOwn ? `${given.method} ${target.pathname}` : '';
      const isLogin = LOGIN.test(route);
      const isLogout = /^POST .*\/auth\/logout$/.test(route);
      const isMe = /^GET .*\/auth\/me$/.test(route);
      const isWished = WISHES.test(route);
      const init = { ...given, headers: new Headers(given.headers ?? (input as Request).headers) };
      const isForeign = init.headers.has('authorization');
      const again = repeatOf(input, given.body);
      const knowsNoUser = () => core.isLeaving() || (!isMe && core.snapshot().status === 'signed-out');
      await carrier.load(core);
      if (isWished) {
        const wish = { transport: carrier.transport, ...(isLogin && { strategy: 'jwt', ...carrier.loginBody() }) };
        init.headers.set('content-type', 'application/json');
        init.body = JSON.stringify({ ...JSON.parse(`${given.body ?? '{}'}`), ...wish });
      }

      const send = async () => {
        const asked = moment();
        const headers = new Headers(init.headers);
        const token = carrier.token();
        if (token && !isForeign && !isLogin && (isLogout || !core.isLeaving()))
          headers.set('authorization', `Bearer ${token}`);
        const reply = await core.send(input, {
          ...init,
          headers,
          // A redirect could lead to any site.
          ...(headers.has('authorization') && init.redirect !== 'manual' && { redirect: 'error' }),
          ...((isOwn || !isHeader) && {
            credentials: isShared && (isLogout || !core.isLeaving()) ? 'include' : 'omit',
          }),
        });
        if (isLogout && reply.ok) await forget();
        return reply.status === 200 && (isLogin || isWished) ? adopt(reply, asked) : reply;
      };

      for (let isAgain = false; ; isAgain = true) {
        const renewed = async (was: number) => {
          const renewal = await Promise.race([renew(was), abortOf(given.signal)]);
          if (renewal === 'unavailable') throw new AuthProblem({ code: 'unavailable', status: 503 });
          return renewal === 'renewed';
        };
        const isPlain = isLogin || isLogout || isForeign;
        if (!isPlain && !knowsNoUser() && isDue() && !(await renewed(seen)) && isMe)
          throw new AuthProblem({ code: 'unauthenticated' });
        const was = seen;
        const reply = (await (isLogin || isLogout || isWished ? alone(send) : send())) as Response;
        if (reply.status !== 401 || isAgain || isPlain || knowsNoUser()) return reply;
        const problem = await problemOf(reply);
        const isDoubt = problem!.code === 'unauthenticated';
        // A service that doubts again so soon does not mean the ticket.
        if (!MENDABLE.test(problem!.code) || (isDoubt && performance.now() - doubtedAt < 10_000)) return reply;
        if (isDoubt) doubtedAt = performance.now();
        if (!(await renewed(was))) return reply;
        // Not past its time by our own count: the service may know the user otherwise than we do.
        if (!isMe) void core.check();
        const next = again();
        if (!next)
          return new Response(
            JSON.stringify({ ...problem, detail: 'Not repeated: its body is a stream, or over 1 MiB' }),
            reply,
          );
        input = next;
      }
    }

    /** Takes new tokens out of a reply, before any other tab may ask for some. */
    async function adopt(reply: Response, asked: Moment): Promise<Response> {
      const data = (await reply.json()) as DeliveredTokens & { status?: string };
      const hasTokens = await take(data, asked);
      await core.adopt(data);
      if (hasTokens && !data.status) await core.tell({ session: core.snapshot().session?.id });
      return new Response(JSON.stringify(data), { headers: { 'content-type': 'application/json' } });
    }

    async function take(data: DeliveredTokens, asked: Moment): Promise<unknown> {
      const { expiresIn, refreshExpiresIn } = data;
      // Kept before they are used: a pair that is lost on the way is given out again only as long as none of it has been used.
      if (refreshExpiresIn) await carrier.keep({ ...data });
      delete data.accessToken;
      delete data.refreshToken;
      delete data.tokenType;
      delete data.deviceToken;
      if (refreshExpiresIn) begin(asked, expiresIn! * 1000);
      return refreshExpiresIn;
    }

    /** A token is not used in its last moments: 20 seconds, or a tenth of its life. */
    const isDue = () => (life ? since(from) > life - Math.min(20_000, life / 10) : isHeader);

    async function renew(was: number): Promise<Renewal> {
      await early;
      if (was !== seen) return 'renewed';
      current ??= renewNow().finally(() => {
        current = undefined;
      });
      return current;
    }

    async function renewNow(isEarly?: boolean): Promise<Renewal> {
      const was = seen;
      if (!carrier.refreshBody()) {
        await core.end('unauthenticated');
        return 'ended';
      }
      if (core.isPaused()) return 'unavailable';
      // The tab that has the turn now may be renewing it.
      return (await alone(async () => (was === seen ? refresh(isEarly) : 'renewed'), isEarly)) ?? 'renewed';
    }

    async function refresh(isEarly?: boolean): Promise<Renewal> {
      const session = core.snapshot().session?.id;
      const asked = moment();
      await carrier.load(core, true);
      let { data, problem } = await core.ask('POST', '/auth/refresh', {
        body: carrier.refreshBody(),
        credentials: isShared ? 'include' : 'omit',
      });
      // A user has signed out or in meanwhile: that counts, and this reply is of no use.
      if (session && session !== core.snapshot().session?.id) return 'ended';
      try {
        if (!problem) await take(data, asked);
      } catch (cause) {
        problem = new AuthProblem({ code: 'unavailable' }, cause);
      }
      if (!problem) {
        await core.tell({ session });
        return 'renewed';
      }
      if (/^(session_ended|unauth)/.test(problem.code)) {
        await core.end(problem.code);
        return 'ended';
      }
      if (!isEarly) core.fail(problem);
      return 'unavailable';
    }

    function begin(at: Moment, ms: number | undefined): void {
      seen++;
      from = at;
      life = ms;
      clearTimeout(timer);
      // A page that is looked at renews it after four fifths of its life, and up to a twentieth earlier or later.
      if (ms && sender) timer = setTimeout(renewEarly, ms * (0.76 + Math.random() * 0.08) - since(at));
    }

    function renewEarly(): void {
      if (host.document?.visibilityState === 'hidden' || current || early || core.isPaused()) return;
      // No caller waits for it: a request that needs the token finds out by itself why there is none.
      early = renewNow(true)
        .catch(() => {})
        .finally(() => {
          early = undefined;
        });
    }

    function forget(isLeaving = false): Promise<void> {
      life = undefined;
      clearTimeout(timer);
      return carrier.forget(isLeaving);
    }

    /** Resolves when the message is on its way to every tab: a tab that gets the lock after that has heard it. */
    core.tell = async (message: TabMessage) => {
      const { reason, hold } = message;
      if (reason && reason !== 'enrolment_required') await forget(core.isLeaving());
      if (!sender) return;
      const id = `${Math.random()}`;
      const shared: Shared = hold || reason ? {} : { token: carrier.token(), left: life && life - since(from) };
      const isOnItsWay = new Promise<void>((done) => {
        echoes.set(id, done);
      });
      sender.postMessage({ ...message, id, shared });
      await Promise.race([isOnItsWay, new Promise((late) => setTimeout(late, 100))]);
    };

    return {
      request,
      // A renewal that fails here fails again, and is reported, when the token is needed.
      load: () => carrier.load(core).catch(() => {}),
      hear({ id, user, session, reason, shared }) {
        const done = echoes.get(id);
        done?.();
        if (echoes.delete(id)) return true;
        const { status, session: known } = core.snapshot();
        const isOurs = status !== 'signed-out' && (!known || session === known.id);
        const { token, left } = (shared ?? {}) as Shared;
        if (reason && isOurs) void forget(core.isLeaving());
        else if (left && (user ? session !== known?.id : isOurs)) {
          void carrier.keep({ accessToken: token });
          begin(moment(), left);
        }
        return !isShared;
      },
      arm(signal) {
        try {
          // A channel does not hear itself; the client's own one hears this one.
          if (isShared) sender = new host.BroadcastChannel!(core.name);
        } catch {
          // Without one each tab finds out for itself.
        }
        const wake = () => life && since(from) > life * 0.8 && renewEarly();
        host.addEventListener!('visibilitychange', wake, { signal });
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          sender = sender?.close() as undefined;
        });
      },
    };
  };
}

/** Never resolves. A caller that stops waiting leaves the rest to those that still wait. */
const abortOf = (signal?: AbortSignal | null) =>
  new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
