import type { ScopePolicy } from '../access/scope-policy.js';
import type { LookedUp } from '../access/ticket-strategy.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import type { AcceptedVerdict, WireSession, WireUser } from './wire.js';

/**
 * Returns what a follower is told of a valid ticket.
 *
 * @param longest how long it may be kept at most, in milliseconds
 */
export function acceptedVerdict(found: LookedUp, policy: ScopePolicy, now: Date, longest: number): AcceptedVerdict {
  const { auth, subjects, until, mayKeep, confirmation } = found;
  const left = Math.min(longest, until === null ? longest : until.getTime() - now.getTime());
  // Over by its own time, and within what is forgiven to clocks: good for this one request.
  const keep = mayKeep && left > 0;
  return {
    accepted: true,
    strategy: auth.strategy,
    user: UserReply.of(auth.user) as unknown as WireUser,
    ...(auth.by === 'session' ? ofSession(auth, now) : ofMachine(auth, policy)),
    ...(confirmation && { cnf: confirmation }),
    subjects,
    keep,
    goodForSeconds: keep ? left / 1000 : 0,
    revision: auth.user.revision,
  };
}

type Auth = LookedUp['auth'];

function ofSession({ session }: Extract<Auth, { by: 'session' }>, now: Date) {
  // Of the request, which is another service's, none is the current one.
  const { current: _, ...shown } = SessionReply.of(session, null, now);
  return { by: 'session', session: shown as unknown as WireSession } as const;
}

/** Of its scopes those that its user may still hand out. */
function ofMachine({ user, credential, scopes, client }: Exclude<Auth, { by: 'session' }>, policy: ScopePolicy) {
  const { id, name } = credential;
  const held = scopes.filter((scope) => policy.mayHold(user, scope));
  return { by: 'credential', credential: { id, name }, scopes: held, ...(client && { client }) } as const;
}
