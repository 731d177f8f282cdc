import type { Channel } from './host.js';
import type { AuthProblem } from './problem.js';
import type { CallOptions } from './routes.js';
import type { Snapshot } from './snapshot.js';

/** A call of ours. */
export interface Question extends CallOptions {
  readonly body?: object;
}

/** Its outcome: what the reply contains, or why there is none. By place, as a minifier shortens no names that objects tell each other. */
export type Answer = [
  problem: AuthProblem | null,
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what the route answers
  data?: any,
];

/** What a request is to the session. Below {@link ME}, it waits until it is known who is signed in here. */
export type Mode = typeof TURN | typeof CALL | 0 | typeof ME | typeof LOGOUT | typeof PLAIN;
/** It may give the session other tickets, so it is made in a turn of its own. */
export const TURN = -2;
/** Is a call of a route, of whose reply a page sees what the client lets it; 0 is the page's own request. */
export const CALL = -1;
/** Asks who is signed in. */
export const ME = 1;
/** Is sent with the ticket, whatever is known of it. */
export const LOGOUT = 2;
/** Asks for tickets, and has none of its own. */
export const PLAIN = 3;

/**
 * What tabs tell each other, in memory only, by place as an {@link Answer}. With `hold`: a user is about to sign in, or has not done so after all. With a user: that user
 * has signed in; with a reason: the session is over. With neither: it has other tokens.
 */
export type TabMessage = [hold?: boolean, session?: string, user?: string | false, reason?: string | null];

/** The host's `fetch`, or what stands before it. */
export type Send = (input: URL | Request, init?: RequestInit) => Promise<Response>;

/** Of the client, what tokens have to know and may do. By place, as an {@link Answer}. */
export type TokenHost = readonly [
  /** Tells this service from others, for other tabs too. */
  name: string,
  snapshot: () => Snapshot,
  /** Whether there is a logout that the service has not heard of: no ticket is sent anywhere meanwhile. */
  isLeaving: (is?: string) => string | false | undefined,
  /** Whether the service could not answer a moment ago, so is not asked. */
  isPaused: () => unknown,
  isVisible: () => boolean,
  send: Send,
  ask: (method: string, path: string, mode: Mode, question?: Question) => Promise<Answer>,
  check: () => Promise<Snapshot>,
  /** The service was asked, and says that no user is signed in here, or could not answer. */
  fail: (problem: AuthProblem | null) => Promise<void>,
];

/** Tokens, and how they are renewed. The cookie session has none. */
export type Tokens = readonly [
  /** Sends a request with a ticket; renews that and sends it once more. Takes the tokens out of a reply to what is not the page's own request. */
  request: (
    input: URL | Request,
    init: RequestInit,
    mode: Mode,
    isOwn: boolean,
    /** Waits until it is known who is signed in. @throws AuthProblem when that is another user than the one who asked */
    settle: () => Promise<void>,
  ) => Promise<Response>,
  /** Makes a request; one that may change tokens, when no other tab does. */
  alone: (route: string, run: (mode: Mode) => Promise<Answer>) => Promise<Answer>,
  /** What a login is told of how tickets travel. */
  wish: () => object,
  /** Tells the other tabs, and of the tokens what they may know. */
  tell: (message: TabMessage) => Promise<void>,
  /** In place of the channel to the other tabs; until it is closed, tokens are renewed ahead of time. */
  link: (name: string, hear: (message: TabMessage) => void) => Channel | undefined,
  /** Learns what an earlier process has left, also that it has logged out. */
  load?: () => Promise<void>,
];

/** How tickets travel: `cookie()`, `split()` or `body()` of `coatcheck/client/tokens`. Without one, by the cookie of a session. */
export type Transport = (...host: TokenHost) => Tokens;
