import type { components } from './api.js';

type Details = components['schemas']['ProblemDetails'];

/** Codes that the service answers with. */
export type ServiceCode = Details['code'];

/**
 * Codes that the client adds: `unreachable`, no answer came in time, or a page of another site is not in `CORS_ORIGINS`; `cookies_blocked`, the browser does not keep its cookies; `user_changed`, another user signed in meanwhile, in any tab;
 * `unexpected_reply`, an answer that is not the service's.
 */
export type ClientCode = 'unreachable' | 'cookies_blocked' | 'user_changed' | 'unexpected_reply';

/** What a problem is made of. */
export interface ProblemFields<C extends string = string> {
  readonly code: C;
  readonly status?: number;
  readonly detail?: string | false | undefined;
  readonly retryAfter?: number | undefined;
  readonly errors?: Details['errors'];
  readonly stepUp?: Details['stepUp'];
  readonly requestId?: string;
  /** What the host said. */
  readonly cause?: unknown;
}

/** Why a call did not succeed. It never carries a secret. Act on its `code`. */
export class AuthProblem<C extends string = ServiceCode | ClientCode> extends Error {
  declare readonly name: 'AuthProblem';
  declare readonly code: C;
  /** HTTP status; 0: there was no answer. */
  declare readonly status: number;
  /** Seconds until it is worth trying again; undefined: the service did not say. */
  declare readonly retryAfter?: number;
  /** Invalid fields; only with `validation_failed`. */
  declare readonly errors?: Details['errors'];
  /** Which login is required; only with `step_up_required`. */
  declare readonly stepUp?: Details['stepUp'];
  /** Id of the request, as in the service's log. */
  declare readonly requestId?: string;

  constructor(fields: ProblemFields<C>) {
    super(fields.detail || fields.code);
    Object.assign(this, { status: 0, name: 'AuthProblem' }, fields);
  }
}

/** Whether a service that was asked for the session says that there is none. */
export const isOver = (problem?: { readonly code: string } | null) =>
  /^(session_ended|unauth)/.test(problem?.code as string);

/**
 * Returns the problem that a reply contains; null: it contains none. The reply can still be read afterwards.
 *
 * @example
 * const reply = await client.fetch('/invoices', { method: 'POST', body });
 * const problem = await problemOf(reply);
 * if (problem?.code === 'step_up_required') await client.stepUp(problem, { password });
 */
export const problemOf = async (reply: Response): Promise<AuthProblem | null> => {
  if (reply.ok) return null;
  const told = await reply
    .clone()
    .json()
    .catch(() => {});
  // A reply of a proxy or a portal in between has no code.
  return new AuthProblem({
    code: 'unexpected_reply',
    ...(told as object),
    status: reply.status,
    retryAfter: +reply.headers.get('retry-after')! || undefined,
  });
};
