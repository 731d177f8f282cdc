import { randomUUID } from 'node:crypto';
import { expressMiddleware } from '../express.js';
import { fastifyPlugin } from '../fastify.js';
import { ticketOf } from '../request-ticket.js';
import type { VerifiedAuth, VerifiedSession, VerifiedUser } from '../verified-auth.js';
import type { Verifier } from '../verifier.js';
import { VerifyError } from '../verify-error.js';
import type { VerifyRequest } from '../verify-request.js';
import { assertAllowed, type VerifyRule } from '../verify-rule.js';

/** The caller whom a test acts as. Default: a user with no roles. */
export interface TestCaller {
  readonly user?: Partial<VerifiedUser>;
  readonly roles?: readonly string[];
  /** Makes it a machine that holds these. */
  readonly scopes?: readonly string[];
}

/** A caller who is logged in as far as the service under test can tell. */
export interface ActingCaller {
  /** To be sent with each request. */
  readonly headers: { readonly authorization: string };
  readonly auth: VerifiedAuth;
  /** As after a logout: `session_ended` from now on. */
  end(): void;
}

/** A verifier for tests of your own service: no other service is asked, and the test says who is calling. */
export interface TestVerifier extends Verifier {
  actAs(caller?: TestCaller): ActingCaller;
  /** From now on (or no more) no ticket can be judged: 503, as when the service is out of reach. */
  beUnavailable(isUnavailable: boolean): void;
}

/**
 * Creates a verifier that knows only whom the test acts as.
 *
 * @example
 * const verifier = createTestVerifier();
 * const clerk = verifier.actAs({ roles: ['clerk'] });
 * await request(createOrders(verifier)).get('/orders').set(clerk.headers).expect(200);
 */
export function createTestVerifier(): TestVerifier {
  const callers = new Map<string, VerifiedAuth | null>();
  let isOut = false;
  const recognise = (request: VerifyRequest): VerifiedAuth | null => {
    const ticket = ticketOf(request, { cookieName: null });
    if (ticket === null) return null;
    if (isOut) throw new VerifyError('unavailable', { reason: 'as_the_test_says' });
    const auth = callers.get(ticket.value);
    if (auth) return auth;
    throw new VerifyError(auth === null ? 'session_ended' : 'unauthenticated', { reason: 'as_the_test_says' });
  };
  const admit = (request: VerifyRequest, rule: VerifyRule): VerifiedAuth | null => {
    const auth = recognise(request);
    if (auth !== null) assertAllowed(auth, rule);
    else if (!rule.optional) throw new VerifyError('unauthenticated', { reason: 'no_ticket' });
    return auth;
  };
  return {
    admit,
    verify: (request) => {
      const auth = recognise(request);
      if (auth === null) throw new VerifyError('unauthenticated', { reason: 'no_ticket' });
      return auth;
    },
    express: (rule = {}) => expressMiddleware({ admit }, rule),
    fastify: (rule = {}) => fastifyPlugin({ admit }, rule),
    ready: async () => undefined,
    close: async () => undefined,
    status: () => ({ isFollowing: !isOut, problem: null, known: callers.size, lookUps: 0 }),
    beUnavailable: (isUnavailable) => {
      isOut = isUnavailable;
    },
    actAs: (caller = {}) => {
      const token = `test-${randomUUID()}`;
      const auth = authOf(caller);
      callers.set(token, auth);
      return { headers: { authorization: `Bearer ${token}` }, auth, end: () => void callers.set(token, null) };
    },
  };
}

function authOf({ user, roles = [], scopes }: TestCaller): VerifiedAuth {
  const id = randomUUID();
  const createdAt = new Date(0).toISOString();
  const email = `${id}@example.com`;
  const full: VerifiedUser = { id, email, emailVerified: true, name: null, createdAt, ...user, roles };
  if (scopes) {
    const credential = { id: randomUUID(), name: 'test' };
    return Object.freeze({ by: 'credential', strategy: 'api-key', user: full, credential, scopes });
  }
  return Object.freeze({ by: 'session', strategy: 'jwt', user: full, session: sessionAt(createdAt) });
}

function sessionAt(instant: string): VerifiedSession {
  return {
    id: randomUUID(),
    strategy: 'jwt',
    createdAt: instant,
    lastSeenAt: instant,
    expiresAt: instant,
    expiresIn: 3600,
    ip: null,
    userAgent: null,
    device: null,
    amr: ['pwd'],
  };
}
