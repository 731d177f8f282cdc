import { host } from './host.js';

export { type CallRoute, type Routes, routes } from './calls.js';
export type { Called, Client, ClientSettings, LogoutOutcome } from './contract.js';
export { createClient } from './core.js';
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
export type { Question, Transport } from './transport.js';

/** The value that the service leaves in a cookie for scripts, which tells one session from another and nothing else; undefined: no user is signed in. */
export const hintCookie = (): string | undefined =>
  /(?:^|; )coatcheck-hint=([^;]+)/.exec(host.document?.cookie ?? '')?.[1];

/**
 * In place of `fetch`, where the service has `HINT_COOKIE` on and this page is on its host: as long as no cookie says that a user is signed
 * in, the service is not asked who is, nor for tokens.
 */
export const hinted: typeof fetch = async (input, init) =>
  !hintCookie() && /\/auth\/(me|refresh)$/.test(String(input))
    ? new Response('{"code":"unauthenticated"}', { status: 401 })
    : fetch(input, init);
