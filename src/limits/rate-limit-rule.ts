import type { LimitOptions } from './limit-options.js';

/**
 * The subject that a request is counted by: the client's address, the `email` in its body, or the user who is logged in. A subject that a request does not
 * have is not counted.
 */
export type LimitSubject = 'ip' | 'email' | 'user' | 'session';

/** How often a route may be called. */
export interface RateLimitRule {
  /** The most requests in a window, per subject; a function receives the options. */
  readonly most: Readonly<Partial<Record<LimitSubject, number | ((limits: Readonly<LimitOptions>) => number)>>>;
  /** Default: `LOGIN_WINDOW_SECONDS`. */
  readonly windowSeconds?: number;
  /** Default `fleet`: exact over all nodes, one call to the store. `node`: each node for itself, without a call. */
  readonly counted?: 'fleet' | 'node';
  /** `Controller.handler` whose counts it shares: a form and a JSON route that do the same have one budget. Default: its own. */
  readonly countedAs?: string;
  /** Whether what succeeds is given back. Default false. */
  readonly failuresOnly?: boolean;
}

/** The rule of every route that mails an address it is given: per that address, whether or not a user has it, and per client. */
export const MAILS: RateLimitRule = {
  most: {
    email: ({ mailsPerAddress, loginAttempts }) => mailsPerAddress || loginAttempts,
    ip: ({ mailsPerIp, loginAttempts }) => mailsPerIp || 100 * loginAttempts,
  },
};

/** The rule of public routes that hash a password and send no mail: per client. */
export const HASHES: RateLimitRule = { most: { ip: MAILS.most.ip! } };

/** The rule of downloads of everything that is kept about a user: each reads much, and no user needs many. */
export const EXPORTS: RateLimitRule = { most: { user: 5 }, windowSeconds: 3600 };
