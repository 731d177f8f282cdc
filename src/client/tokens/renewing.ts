import { type Channel, channelOf, host, now } from '../host.js';
import { AuthProblem, isOver, problemOf } from '../problem.js';
import type { TabMessage, Transport } from '../transport.js';
import type { Carrier, DeliveredTokens } from './carrier.js';
import { repeatOf } from './repeat.js';
import { type Moment, moment, since } from './time.js';
import { turnsOf } from './turns.js';

/** Routes that are told how new tickets are to travel: those that begin a session, and those that give the current one others. */
export const WISHES =
  /^POST .*\/(auth\/(login(\/passkey|\/federated)?|step-up|password\/change|factors\/(totp\/confirm|recovery-codes|passkeys))|admin\/users\/[^/]+\/impersonate)$|^DELETE .*\/auth\/(factors|identities)\//;
const LOGIN = /^POST .*(\/auth\/login|\/impersonate)(?!.*options)/;

/** The outcome of a renewal: new tokens; the end of the session; or, undefined, neither, as the service could not be asked. */
type Renewal = boolean | undefined;

/** What tabs tell each other of new tokens; `left`: milliseconds. */
interface Shared {
  readonly token?: string;
  readonly left?: number;
}

/** Renews the tokens of a session: once for all that ask, in this tab and in others. A closure, for the reason of `core.ts`. */
export function renewing(carrierOf: () => Carrier): Transport {
  return (name, origin, snapshot, isLeaving, isPaused, isVisible, transmit, ask, check, adopt, end, fail) => {
    const [transport, isHeader, tokenOf, keep, drop, storage] = carrierOf();
    const [load, refreshBody, loginBody] = storage ?? [];
    const alone = turnsOf(name);
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
      const isOwn = target.origin === origin;
      const route = isOwn ? `${given.method} ${target.pathname}` : '';
      const isLogin = LOGIN.test(route);
      const isLogout = /^POST .*\/auth\/logout$/.test(route);
      const isMe = /^GET .*\/auth\/me$/.test(route);
      const isWished = WISHES.test(route);
      const headers = new Headers(given.headers ?? (input as Request).headers);
      const init = { ...given, headers };
      const isForeign = headers.has('authorization');
      const again = repeatOf(input, given.body);
      const knowsNoUser = () => isLeaving() || (!isMe && snapshot().status === 'signed-out');
      await load?.(isLeaving);
      if (isWished) {
        const wish = { transport, ...(isLogin && { strategy: 'jwt', ...loginBody?.() }) };
        headers.set('content-type', 'application/json');
        init.body = JSON.stringify({ ...JSON.parse(`${given.body ?? '{}'}`), ...wish });
      }

      const send = async () => {
        const asked = moment();
        const mayShow = isLogout || !isLeaving();
        const token = !isLogin && mayShow && tokenOf();
        if (!isForeign) headers.delete('authorization');
        if (token && !isForeign) headers.set('authorization', `Bearer ${token}`);
        const reply = await transmit(input, {
          ...init,
          // A redirect could lead to any site.
          ...(headers.has('authorization') && init.redirect !== 'manual' && { redirect: 'error' }),
          ...((isOwn || !isHeader) && {
            credentials: !storage && mayShow ? 'include' : 'omit',
          }),
        });
        if (isLogout && reply.ok) await forget();
        return reply.status === 200 && (isLogin || isWished) ? receive(reply, asked) : reply;
      };

      for (let isAgain = false; ; isAgain = true) {
        const renewed = async (was: number) => {
          const renewal = await Promise.race([renew(was), abortOf(given.signal)]);
          if (renewal === undefined) throw new AuthProblem({ code: 'unavailable', status: 503 });
          return renewal;
        };
        const isPlain = isLogin || isLogout || isForeign;
        if (!isPlain && !knowsNoUser() && isDue() && !(await renewed(seen)) && isMe)
          throw new AuthProblem({ code: 'unauthenticated' });
        const was = seen;
        const reply = (await (isLogin || isLogout || isWished ? alone(send) : send())) as Response;
        if (reply.status !== 401 || isAgain || isPlain || knowsNoUser()) return reply;
        const problem = await problemOf(reply);
        // A service that doubts again so soon does not mean the ticket.
        const isDoubt = problem!.code === 'unauthenticated';
        if ((problem!.code !== 'token_expired' && !isOver(problem)) || (isDoubt && now() - doubtedAt < 10_000))
          return reply;
        if (isDoubt) doubtedAt = now();
        if (!(await renewed(was))) return reply;
        // Not past its time by our own count: the service may know the user otherwise than we do.
        if (!isMe) void check();
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
    async function receive(reply: Response, asked: Moment): Promise<Response> {
      const data = (await reply.json()) as DeliveredTokens & { status?: string };
      const hasTokens = await take(data, asked);
      await adopt(data);
      if (hasTokens && !data.status) await tell({ session: snapshot().session?.id });
      return new Response(JSON.stringify(data), { headers: { 'content-type': 'application/json' } });
    }

    async function take(data: DeliveredTokens, asked: Moment): Promise<unknown> {
      const { expiresIn, refreshExpiresIn } = data;
      // Kept before they are used: a pair that is lost on the way is given out again only as long as none of it has been used.
      if (refreshExpiresIn) await keep({ ...data });
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
      if (was !== seen) return true;
      current ??= renewNow().finally(() => {
        current = undefined;
      });
      return current;
    }

    async function renewNow(isEarly?: boolean): Promise<Renewal> {
      const was = seen;
      if (refreshBody && !refreshBody()) {
        await end('unauthenticated');
        return false;
      }
      if (isPaused()) return undefined;
      // The tab that has the turn now may be renewing it.
      return alone(async () => (was === seen ? refresh(isEarly) : true), isEarly);
    }

    async function refresh(isEarly?: boolean): Promise<Renewal> {
      const session = snapshot().session?.id;
      const asked = moment();
      await load?.(isLeaving, true);
      let { data, problem } = await ask('POST', '/auth/refresh', {
        body: refreshBody ? refreshBody() : {},
        credentials: storage ? 'omit' : 'include',
      });
      // A user has signed out or in meanwhile: that counts, and this reply is of no use.
      if (session && session !== snapshot().session?.id) return false;
      try {
        if (!problem) await take(data, asked);
      } catch (cause) {
        problem = new AuthProblem({ code: 'unavailable' }, cause);
      }
      if (!problem) {
        await tell({ session });
        return true;
      }
      if (isOver(problem)) {
        await end(problem.code);
        return false;
      }
      if (!isEarly) fail(problem);
      return undefined;
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
      if (!isVisible() || current || early || isPaused()) return;
      // No caller waits for it: a request that needs the token finds out by itself why there is none.
      early = renewNow(true)
        .catch(() => {})
        .finally(() => {
          early = undefined;
        });
    }

    async function forget(isPending = false): Promise<void> {
      life = undefined;
      clearTimeout(timer);
      await drop(isPending);
    }

    /** Resolves when the message is on its way to every tab: a tab that gets the lock after that has heard it. */
    const tell = async (message: TabMessage) => {
      const { reason, hold } = message;
      if (reason && reason !== 'enrolment_required') await forget(isLeaving());
      if (!sender) return;
      const id = `${Math.random()}`;
      const shared: Shared = hold || reason ? {} : { token: tokenOf(), left: life && life - since(from) };
      const isOnItsWay = new Promise<void>((done) => {
        echoes.set(id, done);
      });
      sender.postMessage({ ...message, id, shared });
      await Promise.race([isOnItsWay, new Promise((late) => setTimeout(late, 100))]);
    };

    return [
      request,
      // A renewal that fails here fails again, and is reported, when the token is needed.
      async () => load?.(isLeaving).catch(() => {}),
      tell,
      ({ id, user, session, reason, shared }) => {
        const done = echoes.get(id);
        done?.();
        if (echoes.delete(id)) return true;
        const { status, session: known } = snapshot();
        const isOurs = status !== 'signed-out' && (!known || session === known.id);
        const { token, left } = (shared ?? {}) as Shared;
        if (reason && isOurs) void forget(isLeaving());
        else if (left && (user ? session !== known?.id : isOurs)) {
          void keep({ accessToken: token });
          begin(moment(), left);
        }
        return !!storage;
      },
      (signal) => {
        // A channel does not hear itself; the client's own one hears this one.
        if (!storage) sender = channelOf(name);
        const wake = () => life && since(from) > life * 0.8 && renewEarly();
        host.addEventListener!('visibilitychange', wake, { signal });
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          sender = sender?.close() as undefined;
        });
      },
    ];
  };
}

/** Never resolves. A caller that stops waiting leaves the rest to those that still wait. */
const abortOf = (signal?: AbortSignal | null) =>
  new Promise<never>((_, reject) => {
    const abort = () => reject(signal!.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
  });
