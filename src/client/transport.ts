import type { AuthProblem } from './problem.js';
import type { CallOptions } from './routes.js';
import type { Snapshot } from './snapshot.js';

/** A call of ours. */
export interface Question extends CallOptions {
  readonly body?: object;
  readonly keepalive?: boolean;
  readonly credentials?: RequestInit['credentials'];
}

/** Its outcome. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what the route answers
  readonly data?: any;
  readonly etag?: string | null;
  /** Undefined: there is none. */
  readonly problem?: AuthProblem;
}

/**
 * What tabs tell each other, in memory only. With `hold`: a user is about to sign in, or has not done so after all. With a user: that user
 * has signed in; with a reason: the session is over. With neither: it has other tokens.
 */
export interface TabMessage {
  readonly hold?: boolean;
  readonly user?: string;
  readonly session?: string;
  readonly reason?: string | null;
  /** At most an access token, and only with transport `split`. */
  readonly shared?: object;
  /** Names the message, for a sender that waits until it is on its way. */
  readonly id?: string;
}

/** The host's `fetch`, or what stands before it. */
export type Send = (input: URL | Request, init?: RequestInit) => Promise<Response>;

/** Of the client, what tokens have to know and may do. By place, as a minifier shortens no names that objects tell each other. */
export type TokenHost = readonly [
  /** Tells this service from others, for other tabs too. */
  name: string,
  origin: string,
  snapshot: () => Snapshot,
  /** Whether there is a logout that the service has not heard of: no ticket is sent anywhere meanwhile. */
  isLeaving: (is?: boolean) => boolean,
  /** Whether the service could not answer a moment ago, so is not asked. */
  isPaused: () => boolean,
  isVisible: () => boolean,
  send: Send,
  ask: (method: string, path: string, question?: Question, via?: Send) => Promise<Answer>,
  check: () => Promise<Snapshot>,
  /** Takes from a reply who is signed in. */
  adopt: (data: Answer['data']) => Promise<void>,
  /** The service says that no user is signed in here. */
  end: (code: string) => Promise<void>,
  /** The service was asked and could not answer. */
  fail: (problem: AuthProblem) => void,
];

/** Tokens, and how they are renewed. The cookie session has none. */
export type Tokens = readonly [
  /** Sends a request with a ticket; renews that and sends it once more; takes new ones out of the reply. */
  request: (input: URL | Request, init: RequestInit, target: URL) => Promise<Response>,
  /** Learns what an earlier process has left, also that it has logged out. */
  load: () => Promise<void>,
  /** Tells the other tabs, and of the tokens what they may know. */
  tell: (message: TabMessage) => Promise<void>,
  /** What a tab has told. @returns whether that is all that it means: it was this one, or another's tokens are none of ours */
  hear: (message: TabMessage) => boolean,
  /** From now on timers run and the page is listened to, until the signal is aborted. */
  arm: (signal: AbortSignal) => void,
];

/** What a client is made with. */
export interface CoreSettings {
  readonly baseUrl: string;
  readonly transport?: Transport;
  readonly trust?: readonly string[];
  readonly fetch?: typeof fetch;
  readonly hint?: () => string | undefined;
}

/** How tickets travel: `cookie()`, `split()` or `body()` of `coatcheck/client/tokens`. Without one, by the cookie of a session. */
export type Transport = (...host: TokenHost) => Tokens;
