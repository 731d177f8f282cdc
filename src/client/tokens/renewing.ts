import { type Channel, channelOf, now, shared } from '../host.js';
import { AuthProblem, isOver, problemOf } from '../problem.js';
import type { Snapshot } from '../snapshot.js';
import { CALL, LOGOUT, ME, type Mode, PLAIN, type TabMessage, type Transport, TURN } from '../transport.js';
import type { DeliveredTokens, Keeper } from './keeper.js';
import { repeatOf } from './repeat.js';
import { turnsOf } from './turns.js';

/** Routes after which a session may have other tokens. Some are among them after which it has not, and wait their turn for nothing. */
export const TURNS = /^[^G].*(log|step|change|factor|ident|impers)/;

/** A moment, on two clocks. The device's own one may be wrong and may be set; it only tells that the other one stood still. */
type Moment = readonly [steady: number, wall: number];

const moment = (): Moment => [now(), Date.now()];

/** What a tab with tokens tells the others, and itself. Of a token only with `split`, and for how many milliseconds it is good. */
type Told = [message: TabMessage, id: number, left: number | false, token?: string];

/** Renews the tokens of a session: once for all that ask, in this tab and in others. A closure, for the reason of `core.ts`. */
export function renewing(transport: 'cookie' | 'split' | 'body', isHeader: boolean, keeper?: Keeper): Transport {
  return (name, snapshot, isLeaving, isPaused, isVisible, transmit, ask, check, fail) => {
    const inTurn = turnsOf(name);
    /** Whether what was asked then is still about the same session: no user has signed out or in meanwhile. */
    const isStill = (before: Snapshot) =>
      before === snapshot() || (before.session && before.session.id === snapshot().session?.id);

    // 1. The access token, as far as it is known: where scripts have none, for how long it is good.

    /** Counts renewals: whether there has been one since. */
    let seen = 0;
    /** Where scripts have it. */
    let token: string | undefined;
    let from: Moment = [0, 0];
    /** Of the access token, in milliseconds; undefined: not known. */
    let life: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    /** Milliseconds that it is good for; not a number, if that is not known. The device's clock counts when it is far ahead: the machine has slept (or that clock was put forward). */
    const left = () => life! - Math.max(now() - from[0], Date.now() - from[1] - 5000);

    /** A token is not used in its last moments: 20 seconds, or a tenth of its life. */
    const isGood = () => left() > Math.min(20_000, life! / 10);

    const begin = (at: Moment, ms: number, fresh?: string) => {
      seen++;
      token = fresh;
      life = ms;
      from = at;
      clearTimeout(timer);
      // After four fifths of its life, and up to a twentieth of it later.
      if (ear) timer = setTimeout(early, left() - life * (0.15 + Math.random() / 20));
    };

    /** Renews it while a page is looked at and no request waits for it; when that fails, after half of the time that is left, until it is due. */
    const early = async () => {
      try {
        if (isVisible() && (await renew())) return void check();
      } catch {
        // It is still good.
      }
      if (ear && isGood()) timer = setTimeout(early, left() / 2);
    };

    const forget = async (isPending?: string | false) => {
      life = token = undefined;
      clearTimeout(timer);
      await keeper?.drop(isPending);
    };

    /**
     * Takes new tokens out of a reply, before any other tab may ask for some.
     *
     * @param asked when the request was sent
     * @param before what was known when it was sent
     * @returns the reply without them
     */
    const stripped = async (reply: Response, asked: Moment, before: Snapshot): Promise<Response> => {
      const data: DeliveredTokens & { status?: string } = (await reply.json()) ?? {};
      const { accessToken, refreshToken, tokenType, deviceToken, ...rest } = data;
      if (data.refreshExpiresIn && (data.status || isStill(before))) {
        // Kept before they are used: a pair that is lost on the way is given out again only as long as none of it has been used.
        await keeper?.keep(data);
        begin(asked, data.expiresIn! * 1000, accessToken);
        if (!data.status) await tell([false, before.session?.id]);
      }
      return new Response(JSON.stringify(rest), reply);
    };

    // 2. Renewals.

    /** @returns whether there are new tokens; false: the session is over. @throws AuthProblem `unavailable` */
    const refresh = async (): Promise<boolean> => {
      if (!isPaused()) {
        const before = snapshot();
        const [problem, data] = await ask('POST', '/auth/refresh', PLAIN, { body: {} });
        if (!isStill(before)) return false;
        // A reply of another shape has brought none.
        if (data?.refreshExpiresIn) return true;
        // What is still good is needed by no request yet.
        if (isOver(problem) || !isGood()) await fail(problem);
        if (isOver(problem)) return false;
      }
      throw new AuthProblem({ code: 'unavailable', status: 503 });
    };

    const renew = shared(() => {
      const was = seen;
      // The tab that has the turn now may be renewing it.
      return inTurn(async () => was !== seen || refresh());
    });

    // 3. Requests.

    let trustedUntil: number;

    const request = async (
      input: URL | Request,
      given: RequestInit,
      mode: Mode,
      isOwn: boolean,
      settle: () => Promise<void>,
      isAgain?: boolean,
    ): Promise<Response> => {
      const headers = new Headers(given.headers ?? (input as Request).headers);
      const isForeign = headers.has('authorization');
      const repeat = repeatOf(input, given.body);
      const mayRenew = () =>
        mode < LOGOUT && !isForeign && !isLeaving() && (mode === ME || snapshot().status !== 'signed-out');
      const renewed = async (was: number) =>
        was !== seen ||
        new Promise<boolean>((done, abort) => {
          const { signal = (input as Request).signal } = given;
          // A caller that stops waiting leaves the rest to those that still wait.
          signal?.addEventListener('abort', () => abort(signal.reason));
          (mode === TURN ? refresh() : renew()).then(done, abort);
        });
      if (mayRenew() && (life || isHeader) && !isGood() && !(await renewed(seen)) && mode === ME)
        throw new AuthProblem({ code: 'unauthenticated' });
      await settle();
      const was = seen;
      const asked = moment();
      const before = snapshot();
      const mayShow = !isLeaving() || mode === LOGOUT;
      const isShown = !isForeign && mode < PLAIN && mayShow && token;
      if (isShown) headers.set('authorization', `Bearer ${token}`);
      const reply = await transmit(input, {
        ...given,
        headers,
        // A redirect could lead to any site.
        ...((isForeign || isShown) && given.redirect !== 'manual' && { redirect: 'error' }),
        ...((isOwn || !isHeader) && { credentials: mayShow ? 'include' : 'omit' }),
      });
      if (mode === LOGOUT && reply.ok) await forget();
      if (mode && reply.ok && reply.status !== 204) return stripped(reply, asked, before);
      if (reply.status !== 401 || isAgain || !mayRenew()) return reply;
      const problem = await problemOf(reply);
      // A service that doubts again so soon does not mean the ticket.
      const isDoubt = problem!.code === 'unauthenticated';
      if (isDoubt ? now() < trustedUntil : problem!.code !== 'token_expired' && !isOver(problem)) return reply;
      if (isDoubt) trustedUntil = now() + 10_000;
      // Whatever our own count says, this one is at its end.
      else if (was === seen) from = [0, 0];
      // Nor for a user who has signed out meanwhile.
      if (!(await renewed(was)) || !mayRenew()) return reply;
      // Not past its time by our own count: the service may know the user otherwise than we do.
      if (mode !== ME) void check();
      const next = repeat();
      if (!next) return new Response(JSON.stringify({ ...problem, detail: 'A stream is sent once' }), reply);
      return request(next, given, mode, isOwn, settle, true);
    };

    // 4. Other tabs.

    /** Hears the other tabs, and this one. */
    let ear: Channel | undefined;
    /** What waits for a message of this tab to be heard, by its id. */
    const echoes: Record<number, () => void> = {};

    /** Resolves when the message is on its way to every tab: a tab that gets the lock after that has heard it. */
    const tell = async (message: TabMessage) => {
      const [, , , reason] = message;
      if (reason && reason !== 'enrolment_required') await forget(isLeaving());
      if (ear)
        await new Promise<void>((done) => {
          const id = Math.random();
          echoes[id] = done;
          setTimeout(done, 100);
          // A channel does not hear itself; the other one hears this one.
          const mouth = channelOf(name);
          mouth!.postMessage([message, id, left(), token] satisfies Told);
          mouth!.close();
        });
    };

    return [
      request,
      async (route, run) => (TURNS.test(route) ? inTurn(() => run(TURN)) : run(CALL)),
      () => ({ strategy: 'jwt', transport }),
      tell,
      (_name, hear) => {
        ear = channelOf(name, ([message, id, ms, fresh]: Told) => {
          if (echoes[id]) return echoes[id]();
          const [, session, user, reason] = message;
          const { status, session: known } = snapshot();
          const isOurs = status !== 'signed-out' && (!known || session === known.id);
          if (reason && isOurs) void forget(isLeaving());
          else if (ms && (user || isOurs)) begin(moment(), ms, fresh);
          hear(message);
        });
        return {
          close() {
            clearTimeout(timer);
            ear = ear?.close() as undefined;
          },
        } as Channel;
      },
    ];
  };
}
