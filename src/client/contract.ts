import type { AuthProblem } from './problem.js';
import type {
  Arguments,
  FactorLoginRequest,
  LoginOutcome,
  LoginRequest,
  Method,
  Operation,
  PathsWith,
  Result,
  ServicePaths,
  StepUpOutcome,
  StepUpProof,
} from './routes.js';
import type { Snapshot } from './snapshot.js';
import type { Transport } from './transport.js';

/** How a client is made. */
export interface ClientSettings {
  /** Where the service is; on a page it may be relative to it. */
  readonly baseUrl: string;
  /** How tickets travel, of `coatcheck/client/tokens`. Default: by the HttpOnly cookie of a session, which no script can read. */
  readonly transport?: Transport;
  /** Other origins that tickets may be sent to: APIs that verify them by themselves. Each as `location.origin` has it, without a slash at its end. */
  readonly trust?: readonly string[];
  /** In place of the host's `fetch`. */
  readonly fetch?: typeof fetch;
  /** `hintCookie`, where the service has `HINT_COOKIE` on and this page is on its host: where no user is signed in, the service is not asked. */
  readonly hint?: () => string | undefined;
}

/** Calls one method of the service's routes. */
export type CallRoute<P, M extends Method> = <K extends PathsWith<P, M>>(
  path: K,
  ...given: Arguments<Operation<P, K, M>>
) => Promise<Result<Operation<P, K, M>>>;

/** The outcome of a logout. */
export type LogoutOutcome =
  | { readonly status: 'signed-out' }
  /** The service could not be told. No user is signed in here any more, and the service is told as soon as it can be. */
  | { readonly status: 'pending' }
  /** The service refuses, and will again: the user is still signed in. */
  | { readonly status: 'problem'; readonly problem: AuthProblem };

/** The service, as a page uses it. No method throws for an expected outcome. */
export interface Client<P = ServicePaths> {
  /** Logs in with a password. Anything else logs in by `post`, and the session is told all the same. */
  login(body: LoginRequest): Promise<LoginOutcome>;
  /** Goes on with a login that requires a further factor. */
  loginFactor(body: FactorLoginRequest): Promise<LoginOutcome>;
  /** Ends the session, here and on the server. */
  logout(): Promise<LogoutOutcome>;
  /**
   * The host's `fetch` with the same ticket and the same care: what begins with a slash is of the origin of `baseUrl`, tickets go to that
   * origin and to `trust` alone, an expired one is renewed and the request sent once more. Replies are the server's own, errors the
   * host's. A user logs in by `login` or `post`: of a login by `fetch` the session hears nothing.
   *
   * @throws AuthProblem `unavailable` when a ticket is due and cannot be renewed at present; `user_changed`
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  readonly get: CallRoute<P, 'get'>;
  readonly post: CallRoute<P, 'post'>;
  readonly put: CallRoute<P, 'put'>;
  readonly patch: CallRoute<P, 'patch'>;
  readonly delete: CallRoute<P, 'delete'>;
  /**
   * Proves the user's identity again, as a problem `step_up_required` asks: its `stepUp` says how recently, and by what. What was
   * refused may then be asked anew.
   */
  stepUp(problem: AuthProblem<'step_up_required'> | AuthProblem, proof: StepUpProof): Promise<StepUpOutcome>;
  readonly session: {
    /** The same object as long as nothing has changed. */
    getSnapshot(): Snapshot;
    /** @param initial what a server already knows, in place of asking. @returns ends it */
    subscribe(listener: () => void, initial?: Snapshot): () => void;
    /** Asks the service, e.g. after a login by its pages. */
    check(): Promise<Snapshot>;
  };
  /** Frees timers, channels and listeners. A client that is used again takes them anew. */
  dispose(): void;
}
