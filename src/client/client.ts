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

/** What the service leaves in a cookie for scripts, which tells one session from another and nothing else; undefined: nobody is signed in. */
export const hintCookie = (): string | undefined =>
  /(?:^|; )coatcheck-hint=([^;]+)/.exec(host.document?.cookie ?? '')?.[1];

/**
 * A client of the service at `baseUrl`. Nothing is asked until somebody listens to its session or makes a request.
 *
 * @example
 * const client = createClient({ baseUrl: 'https://auth.example.com' });
 * const outcome = await client.login({ email, password });
 * if (outcome.status === 'authenticated') greet(outcome.user);
 */
export const createClient: <P = ServicePaths>(settings: ClientSettings) => Client<P> = createCore;
