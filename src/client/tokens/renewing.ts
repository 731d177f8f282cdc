import { type Channel, host, now, shared } from '../host.js';
import { AuthProblem, isOver, problemOf } from '../problem.js';
import { CALL, LOGOUT, ME, PLAIN, type TabMessage, type Tokens, type Transport, TURN } from '../transport.js';
import type { Carrier, DeliveredTokens } from './carrier.js';
import { repeatOf } from './repeat.js';
import { type Moment, moment, since } from './time.js';
import { turnsOf } from './turns.js';

/** The outcome of a renewal: new tokens; the end of the session; or, undefined, neither, as the service could not be asked. */
type Renewal = boolean | undefined;

/** Routes after which a session may have other tokens. Some are among them after which it has not, and wait their turn for nothing. */
export const TURNS = /^[^G].*(log|step|change|factor|ident|impers)/;

/** Renews the tokens of a session: once for all that ask, in this tab and in others. A closure, for the reason of `core.ts`. */
export function renewing(carrierOf: () => Carrier): Transport {
  return (name, snapshot, isLeaving, isPaused, isVisible, transmit, ask, check, fail) => {
    const [transport, isHeader, tokenOf, keep, drop, channelOf] = carrierOf();
    const inTurn = turnsOf(name);
    const sessionId = () => snapshot().session?.id;

    // 1. The access token, as far as it is known: where scripts have none, for how long it is good.

    /** Counts renewals: whether there has been one since. */
    let seen = 0;
    let from: Moment = [0, 0];
    /** Of the access token, in milliseconds; undefined: not known. */
    let life: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    /** A token is not used in its last moments: 20 seconds, or a tenth of its life. */
    const isDue = () => (life ? since(from) > life - Math.min(20_000, life / 10) : isHeader);

    const begin = (at: Moment, ms: number) => {
      seen++;
      // Without Web Locks tabs renew side by side, and a reply that comes late leaves the browser an older cookie. That is replaced while the service forgives it.
      life = !host.navigator?.locks && since(from) < 2000 ? 20_000 : ms;
      from = at;
      clearTimeout(timer);
      // A page that is looked at renews it after four fifths of its life, and up to a twentieth of it earlier or later.
      if (sender) timer = setTimeout(renewEarly, life * (0.75 + Math.random() / 10) - since(at));
    };

    const forget = async (isPending?: boolean) => {
      life = undefined;
      clearTimeout(timer);
      await drop(isPending);
    };

    /**
     * Takes new tokens out of a reply, before any other tab may ask for some.
     *
     * @param asked when the request was sent
     * @param session that it was sent for
     * @returns the reply without them
     */
    const stripped = async (reply: Response, asked: Moment, session?: string): Promise<Response> => {
      const data: DeliveredTokens & { status?: string } = (await reply.json()) ?? {};
      const { accessToken, refreshToken, tokenType, deviceToken, ...rest } = data;
      // Not where a user has signed out or in meanwhile: that counts.
      if (data.refreshExpiresIn && (data.status || !session || session === sessionId())) {
        // Kept before they are used: a pair that is lost on the way is given out again only as long as none of it has been used.
        await keep(data);
        begin(asked, data.expiresIn! * 1000);
        if (!data.status) await tell({ session });
      }
      return new Response(JSON.stringify(rest), reply);
    };

    // 2. Renewals.

    const refresh = async (isEarly?: boolean): Promise<Renewal> => {
      if (!isPaused()) {
        const session = sessionId();
        const [problem] = await ask('POST', '/auth/refresh', PLAIN, { body: {} });
        // Another session has begun meanwhile: its reply is of no use.
        if (session && session !== sessionId()) return false;
        if (!problem) return true;
        const isEnd = isOver(problem);
        if (isEnd || !isEarly) await fail(problem);
        if (isEnd) return false;
      }
      throw new AuthProblem({ code: 'unavailable', status: 503 });
    };

    const renewNow = async (isEarly?: boolean): Promise<Renewal> => {
      const was = seen;
      // The tab that has the turn now may be renewing it.
      return inTurn(async () => (was === seen ? refresh(isEarly) : true), isEarly);
    };

    const renew = shared(renewNow);

    const renewEarly = () => {
      // No caller waits for it: a request that needs the token finds out by itself why there is none.
      if (isVisible() && !isPaused()) renewNow(true).catch(() => {});
    };

    // 3. Requests.

    let doubtedAt = -1e9;

    const request: Tokens[0] = async (input, given, mode, isOwn) => {
      const headers = new Headers(given.headers ?? (input as Request).headers);
      const isForeign = headers.has('authorization');
      const repeat = repeatOf(input, given.body);
      const mayRenew = () =>
        mode < LOGOUT && !isForeign && !isLeaving() && (mode === ME || snapshot().status !== 'signed-out');
      const renewed = async (was: number) =>
        was !== seen || Promise.race([mode === TURN ? refresh() : renew(), abortOf(given.signal)]);
      for (let isAgain = false; ; isAgain = true) {
        if (mayRenew() && isDue() && !(await renewed(seen)) && mode === ME)
          throw new AuthProblem({ code: 'unauthenticated' });
        const was = seen;
        const asked = moment();
        const session = sessionId();
        const mayShow = mode === LOGOUT || !isLeaving();
        const token = !isForeign && mode < PLAIN && mayShow && tokenOf();
        if (token) headers.set('authorization', `Bearer ${token}`);
        const reply = await transmit(input, {
          ...given,
          headers,
          // A redirect could lead to any site.
          ...((isForeign || token) && given.redirect !== 'manual' && { redirect: 'error' }),
          ...((isOwn || !isHeader) && { credentials: mayShow ? 'include' : 'omit' }),
        });
        if (mode === LOGOUT && reply.ok) await forget();
        if (mode && reply.ok && reply.status !== 204) return stripped(reply, asked, session);
        if (reply.status !== 401 || isAgain || !mayRenew()) return reply;
        const problem = await problemOf(reply);
        // A service that doubts again so soon does not mean the ticket.
        const isDoubt = problem!.code === 'unauthenticated';
        if ((problem!.code !== 'token_expired' && !isOver(problem)) || (isDoubt && now() - doubtedAt < 10_000))
          return reply;
        if (isDoubt) doubtedAt = now();
        // Nor for a user who has signed out meanwhile.
        if (!(await renewed(was)) || !mayRenew()) return reply;
        // Not past its time by our own count: the service may know the user otherwise than we do.
        if (mode !== ME) void check();
        const next = repeat();
        if (!next) return new Response(JSON.stringify({ ...problem, detail: 'A stream is not sent twice' }), reply);
        input = next;
      }
    };

    // 4. Other tabs.

    let sender: Channel | undefined;
    /** Of what this tab has told and not heard itself yet, in turn. */
    let echoes: (() => void)[] = [];
    const id = Math.random();

    /** Resolves when the message is on its way to every tab: a tab that gets the lock after that has heard it. */
    const tell = async (message: TabMessage) => {
      const { reason, hold } = message;
      if (reason && reason !== 'enrolment_required') await forget(isLeaving());
      if (sender)
        await new Promise<void>((done) => {
          echoes.push(done);
          setTimeout(done, 100);
          const tokens = !hold && !reason && { token: tokenOf(), left: life && life - since(from) };
          sender!.postMessage({ ...message, ...tokens, id });
        });
    };

    return [
      request,
      async (route, run) => (TURNS.test(route) ? (await inTurn(() => run(TURN)))! : run(CALL)),
      () => ({ strategy: 'jwt', transport }),
      tell,
      (_name, hear) => {
        const ear = channelOf(name, (event) => {
          const { user, session, reason, token, left, id: teller } = event.data as TabMessage;
          if (teller === id) return echoes.shift()?.();
          const { status, session: known } = snapshot();
          const isOurs = status !== 'signed-out' && (!known || session === known.id);
          if (reason && isOurs) void forget(isLeaving());
          else if (left && (user ? session !== known?.id : isOurs)) {
            void keep({ accessToken: token });
            begin(moment(), left);
          }
          hear(event);
        });
        // A channel does not hear itself; the other one hears this one.
        if (ear) sender = channelOf(name);
        const listening = new AbortController();
        const wake = () => life && since(from) > life * 0.8 && renewEarly();
        host.addEventListener!('visibilitychange', wake, listening);
        return {
          close() {
            clearTimeout(timer);
            echoes = [];
            listening.abort();
            ear?.close();
            sender = sender?.close() as undefined;
          },
        } as Channel;
      },
    ];
  };
}

/** Never resolves. A caller that stops waiting leaves the rest to those that still wait. */
const abortOf = (signal?: AbortSignal | null) =>
  new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
