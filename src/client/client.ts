import type { Client, ClientSettings } from './contract.js';
import { createCore } from './core.js';
import { host } from './host.js';
import type { ServicePaths } from './routes.js';

export type { CallRoute, Client, ClientSettings, LogoutOutcome } from './contract.js';
export { AuthProblem, type ClientCode, type ProblemFields, problemOf, type ServiceCode } from './problem.js';
export type {
  Arguments,
  CallOptions,
  CodesOf,
  FactorLoginRequest,
  Given,
  LoginOutcome,
  LoginRequest,
  Method,
  Operation,
  PathsWith,
  Reply,
  Result,
  ServicePaths,
  Session,
  StepUpOutcome,
  StepUpProof,
  User,
} from './routes.js';
export type { SignedOutReason, Snapshot } from './snapshot.js';
export type { Transport } from './transport.js';

/** The value that the service leaves in a cookie for scripts, which tells one session from another and nothing else; undefined: no user is signed in. */
export const hintCookie = (): string | undefined =>
  /(?:^|; )coatcheck-hint=([^;]+)/.exec(host.document?.cookie ?? '')?.[1];

/**
 * A client of the service at `baseUrl`. It asks nothing until a listener subscribes to its session or a request is made.
 *
 * @example
 * const client = createClient({ baseUrl: 'https://auth.example.com' });
 * const outcome = await client.login({ email, password });
 * if (outcome.status === 'authenticated') greet(outcome.user);
 */
export const createClient: <P = ServicePaths>(settings: ClientSettings) => Client<P> = createCore;
