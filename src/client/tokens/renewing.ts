import { host } from '../host.js';
import { pauseAfter } from '../pause.js';
import { AuthProblem, problemOf } from '../problem.js';
import type { TabMessage, TokenHost, Tokens, Transport } from '../transport.js';
import type { Carrier, DeliveredTokens } from './carrier.js';
import { notRepeated, sendingOf } from './repeat.js';
import { type Moment, moment, since } from './time.js';
import { turnsOf } from './turns.js';

/** Routes that are told how new tickets are to travel: those that begin a session, and those that give the current one others. */
export const WISHES =
  /^POST .*\/(auth\/(login(\/passkey|\/federated)?|step-up|password\/change|factors\/(totp\/confirm|recovery-codes|passkeys))|admin\/users\/[^/]+\/impersonate)$|^DELETE .*\/auth\/(factors|identities)\//;
const LOGIN = /^POST .*\/(auth\/login|admin\/users\/[^/]+\/impersonate)(?!.*options)/;
const LOGOUT = /^POST .*\/auth\/logout$/;
const ME = /^GET .*\/auth\/me$/;
/** After which a new ticket may help. */
const MENDABLE = /^(token_expired|session_ended|unauthenticated)$/;

/** What came of a renewal: new tokens; the end of the session; or neither, as the service could not be asked. */
type Renewal = 'renewed' | 'ended' | 'unavailable';

/** What tabs tell each other of new tokens; `left`: milliseconds. */
interface Shared {
  readonly token?: string;
  readonly left?: number;
}

/** Renews the tokens of a session: once for all that ask, in this tab and in others. */
export function renewing(carrierOf: () => Carrier): Transport {
  return (core: TokenHost): Tokens => {
    const carrier = carrierOf();
    const alone = turnsOf(core.name);
    const echoes = new Map<string, () => void>();
    /** Counts renewals: whether there has been one since. */
    let seen = 0;
    let from: Moment = moment();
    /** Of the access token, in milliseconds; undefined: not known. */
    let life: number | undefined;
    let current: Promise<Renewal> | undefined;
    let early: Promise<unknown> | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let pausedUntil = 0;
    let mayEndEarly = true;
    let doubtedAt = Number.NEGATIVE_INFINITY;
    let sender: { postMessage(message: unknown): void; close(): void } | undefined;

    const left = () => Math.max(0, pausedUntil - performance.now());
    const isPaused = () => left() > 0 || (failures > 0 && host.navigator?.onLine === false);
    const isVisible = () => host.document?.visibilityState !== 'hidden';

    async function request(input: URL | Request, given: RequestInit, target: URL): Promise<Response> {
      const isOwn = target.origin === core.origin;
      const route = isOwn ? `${given.method} ${target.pathname}` : '';
      const isLogin = LOGIN.test(route);
      const isLogout = LOGOUT.test(route);
      const isMe = ME.test(route);
      const headers = new Headers(given.headers ?? (input as Request).headers);
      const isForeign = headers.has('authorization');
      const isPlain = isLogin || isLogout || isForeign;
      const isChange = isLogin || isLogout || WISHES.test(route);
      await carrier.load(core);
      const init = { ...given, headers };
      if (WISHES.test(route)) {
        headers.set('content-type', 'application/json');
        init.body = JSON.stringify({ ...JSON.parse(`${given.body ?? '{}'}`), ...wish(isLogin) });
      }
      const sending = sendingOf(input, given.body);
      let next: URL | Request | undefined = sending.now;

      for (let isAgain = false; ; isAgain = true) {
        if (!isPlain && (isMe || core.snapshot().status !== 'signed-out')) {
          const state = await unlessAborted(isDue() ? renew(seen) : Promise.resolve('renewed' as const), given.signal);
          if (state === 'ended' && isMe) throw new AuthProblem({ code: 'unauthenticated' });
        }
        const was = seen;
        const send = () => carry(next!, init, { isOwn, isPlain: isPlain && !isLogout, isLogout, isChange });
        const reply = (isChange ? await alone(send) : await send()) as Response;
        if (reply.status !== 401 || isAgain || isPlain || core.isLeaving()) return reply;
        if (!isMe && core.snapshot().status === 'signed-out') return reply;
        const { code } = (await problemOf(reply))!;
        if (!MENDABLE.test(code)) return reply;
        if (code === 'unauthenticated') {
          // Whoever doubts again so soon does not mean the ticket.
          if (performance.now() - doubtedAt < 10_000) return reply;
          doubtedAt = performance.now();
        }
        if ((await unlessAborted(renew(was), given.signal)) === 'ended') return reply;
        // Not past its time by our own count: the service may know the user otherwise than we do.
        if (!isMe) void core.check();
        next = sending.again();
        if (!next) return notRepeated(reply);
      }
    }

    async function carry(
      to: URL | Request,
      init: RequestInit & { headers: Headers },
      {
        isOwn,
        isPlain,
        isLogout,
        isChange,
      }: { isOwn: boolean; isPlain: boolean; isLogout: boolean; isChange: boolean },
    ): Promise<Response> {
      const asked = moment();
      const headers = new Headers(init.headers);
      const token = isPlain || (core.isLeaving() && !isLogout) ? undefined : carrier.token();
      if (token) headers.set('authorization', `Bearer ${token}`);
      const reply = await core.send(to, {
        ...init,
        headers,
        // A redirect could lead to anybody.
        ...(headers.has('authorization') && init.redirect !== 'manual' && { redirect: 'error' }),
        ...((isOwn || !carrier.isHeader) && {
          credentials: carrier.isShared && (isLogout || !core.isLeaving()) ? 'include' : 'omit',
        }),
      });
      if (!reply.ok || !isChange) return reply;
      if (isLogout) await forget(false);
      return reply.status === 204 ? reply : adopt(reply, asked);
    }

    /** Takes new tokens out of a reply, before any other tab may ask for some. */
    async function adopt(reply: Response, asked: Moment): Promise<Response> {
      const data = await reply.json();
      const hasTokens = await take(data, asked);
      await core.adopt(data);
      if (hasTokens && !data.status) await core.tell({ session: core.snapshot().session?.id });
      return new Response(JSON.stringify(data), reply);
    }

    async function take(data: DeliveredTokens, asked: Moment): Promise<boolean> {
      const { accessToken, refreshToken, deviceToken, expiresIn, refreshExpiresIn } = data;
      delete data.accessToken;
      delete data.refreshToken;
      delete data.tokenType;
      delete data.deviceToken;
      if (!expiresIn || !refreshExpiresIn) return false;
      // Kept before they are used: what is lost on the way is given out again only as long as nobody has used it.
      await carrier.keep({ accessToken, refreshToken, deviceToken });
      begin(asked, expiresIn * 1000);
      return true;
    }

    const wish = (isLogin: boolean) => ({
      transport: carrier.transport,
      ...(isLogin && { strategy: 'jwt', ...carrier.loginBody() }),
    });

    /** A token is not used in its last moments: 20 seconds, or a tenth of its life. */
    const isDue = () =>
      (carrier.isHeader && !life) || (life !== undefined && since(from) > life - Math.min(20_000, life / 10));

    async function renew(was: number): Promise<Renewal> {
      await early;
      if (was === seen) {
        current ??= renewNow().finally(() => {
          current = undefined;
        });
        const renewal = await current;
        if (renewal === 'unavailable')
          throw new AuthProblem({
            code: 'unavailable',
            status: 503,
            retryAfter: Math.ceil(left() / 1000) || undefined,
          });
        return renewal;
      }
      return 'renewed';
    }

    async function renewNow(isEarly?: boolean): Promise<Renewal> {
      const was = seen;
      if (!carrier.refreshBody()) {
        await core.end('unauthenticated');
        return 'ended';
      }
      if (isPaused()) return 'unavailable';
      // Whoever has the turn now may be renewing it.
      return (await alone(async () => (was === seen ? refresh(isEarly) : 'renewed'), isEarly)) ?? 'renewed';
    }

    async function refresh(isEarly?: boolean): Promise<Renewal> {
      const session = core.snapshot().session?.id;
      const asked = moment();
      await carrier.load(core, true);
      const { data, problem: refused } = await core.ask('POST', '/auth/refresh', {
        body: carrier.refreshBody() ?? {},
        credentials: carrier.isShared ? 'include' : 'omit',
      });
      // Somebody has signed out or in meanwhile: that counts, and this is of no use to anybody.
      if (session && session !== core.snapshot().session?.id) return 'ended';
      const problem =
        refused ??
        (await take(data, asked).then(
          () => undefined,
          (cause) => new AuthProblem({ code: 'unavailable' }, cause),
        ));
      if (!problem) {
        failures = pausedUntil = 0;
        mayEndEarly = true;
        await core.tell({ session });
        return 'renewed';
      }
      const { code, retryAfter } = problem;
      if (code === 'session_ended' || code === 'unauthenticated') {
        await core.end(code);
        return 'ended';
      }
      pausedUntil = performance.now() + 1000 * pauseAfter(++failures, retryAfter);
      if (!isEarly) core.fail(problem);
      return 'unavailable';
    }

    function begin(at: Moment, ms: number | undefined): void {
      seen++;
      from = at;
      life = ms;
      clearTimeout(timer);
      // A page that is looked at renews it after four fifths of its life, and up to a twentieth earlier or later.
      if (ms && carrier.isShared && host.document)
        timer = setTimeout(renewEarly, ms * (0.76 + Math.random() * 0.08) - since(at));
    }

    function renewEarly(): void {
      if (!isVisible() || current || early || isPaused()) return;
      // Nobody waits for it: whoever needs the token finds out by itself why there is none.
      early = renewNow(true)
        .catch(() => {})
        .finally(() => {
          early = undefined;
        });
    }

    async function forget(isLeaving: boolean): Promise<void> {
      life = undefined;
      clearTimeout(timer);
      await carrier.forget(isLeaving);
    }

    /** Resolves when the message is on its way to every tab: whoever gets the lock after that has heard it. */
    core.tell = async (message: TabMessage) => {
      const { reason, hold } = message;
      if (reason && reason !== 'enrolment_required') await forget(core.isLeaving());
      if (!sender) return;
      const id = `${Math.random()}`;
      const isShown = hold === undefined && !reason;
      const shared: Shared = isShown ? { token: carrier.token(), left: life && life - since(from) } : {};
      const isOnItsWay = new Promise<void>((done) => echoes.set(id, done));
      sender.postMessage({ ...message, id, shared });
      await Promise.race([isOnItsWay, new Promise((late) => setTimeout(late, 100))]);
      echoes.delete(id);
    };

    return {
      request,
      hear({ id = '', hold, user, session, reason, shared }) {
        const echo = echoes.get(id);
        if (echo) {
          echo();
          return true;
        }
        const { status, session: known } = core.snapshot();
        const isOurs = !session || !known || session === known.id;
        if (reason) {
          if (isOurs && status !== 'signed-out') void forget(core.isLeaving());
        } else if (hold === undefined && (user ? session !== known?.id : isOurs && status !== 'signed-out')) {
          const { token, left: ms } = (shared ?? {}) as Shared;
          void carrier.keep({ accessToken: token });
          begin(moment(), ms);
        }
        return !carrier.isShared;
      },
      arm(signal) {
        if (carrier.isShared && host.BroadcastChannel)
          try {
            // A channel does not hear itself; the client's own one hears this one.
            sender = new host.BroadcastChannel(core.name);
          } catch {
            // Where storage is forbidden. Each tab then finds out for itself.
          }
        const wake = () => {
          // Something has changed; that is worth one try, and not one more until an answer came.
          if (mayEndEarly && left()) {
            mayEndEarly = false;
            pausedUntil = 0;
          }
          if (life && since(from) > life * 0.8) renewEarly();
        };
        for (const type of ['online', 'pageshow', 'visibilitychange']) host.addEventListener!(type, wake, { signal });
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          sender?.close();
          sender = undefined;
        });
      },
    };
  };
}

/** As the promise, or as the signal says: whoever waits no longer leaves the rest to those who still do. */
function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal | null): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject);
  });
}
