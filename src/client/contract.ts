import type { AuthProblem } from './problem.js';
import type { FactorLoginRequest, LoginOutcome, LoginRequest, StepUpOutcome, StepUpProof } from './routes.js';
import type { Snapshot } from './snapshot.js';
import type { Question, Transport } from './transport.js';

/** How a client is made. */
export interface ClientSettings {
  /** Where the service is; on a page it may be relative to it. */
  readonly baseUrl: string;
  /** How tickets travel, of `coatcheck/client/tokens`. Default: by the HttpOnly cookie of a session, which no script can read. */
  readonly transport?: Transport;
  /** Other origins that tickets may be sent to: APIs that verify them by themselves. Each as `location.origin` has it, without a slash at its end. */
  readonly trust?: readonly string[];
  /** In place of the host's `fetch`, e.g. `hinted`. */
  readonly fetch?: typeof fetch;
}

/** The outcome of a logout. */
export type LogoutOutcome =
  | { readonly status: 'signed-out' }
  /** The service could not be told. No user is signed in here any more, and the service is told as soon as it can be. */
  | { readonly status: 'pending' }
  /** The service refuses, and will again: the user is still signed in. */
  | { readonly status: 'problem'; readonly problem: AuthProblem };

/** What a call of a route came to. */
export interface Called {
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what the route answers
  readonly data?: any;
  readonly problem?: AuthProblem | null;
}

/** The service, as a page uses it. No method throws for an expected outcome. */
export interface Client {
  /** Logs in with a password. Anything else logs in by `call`, and the session is told all the same. */
  login(body: LoginRequest): Promise<LoginOutcome>;
  /** Goes on with a login that requires a further factor. */
  loginFactor(body: FactorLoginRequest): Promise<LoginOutcome>;
  /** Ends the session, here and on the server. */
  logout(): Promise<LogoutOutcome>;
  /**
   * The host's `fetch` with the same ticket and the same care: what begins with a slash is of the origin of `baseUrl`, tickets go to that
   * origin and to `trust` alone, whatever `credentials` says, an expired one is renewed and the request sent once more. Replies are the
   * server's own, errors the host's. A user logs in by `login` or `call`: of a login by `fetch` the session hears nothing.
   *
   * @throws AuthProblem `unavailable` when a ticket is due and cannot be renewed at present; `user_changed`
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * Calls a route of the service. `routes(client)` does the same, and knows what each of them takes and answers.
   *
   * @param method in capital letters
   * @param path as it is sent, without the path of `baseUrl`
   */
  call(method: string, path: string, question?: Question): Promise<Called>;
  /**
   * Proves the user's identity again, as a problem `step_up_required` asks: its `stepUp` says how recently, and by what. What was
   * refused may then be asked anew.
   */
  stepUp(problem: AuthProblem<'step_up_required'> | AuthProblem, proof: StepUpProof): Promise<StepUpOutcome>;
  readonly session: {
    /** The same object as long as nothing has changed. */
    getSnapshot(): Snapshot;
    /** @param initial what a server already knows, in place of asking; it counts only before anything else was known. @returns ends it */
    subscribe(listener: () => void, initial?: Snapshot): () => void;
    /** Asks the service, e.g. after a login by its pages. */
    check(): Promise<Snapshot>;
  };
  /** Frees timers, channels and listeners. A client that is used again takes them anew. */
  dispose(): void;
}
