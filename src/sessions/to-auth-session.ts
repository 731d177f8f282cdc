import type { AuthSession, SessionMetadata } from '../kernel/auth-context.js';
import { EMPTY_OBJECT } from '../kernel/json-object.js';
import { deviceName } from './device-name.js';
import type { SessionRecord } from './session.store.js';

type Shown = Omit<AuthSession, 'userId' | 'device' | 'expiresAt' | 'metadata'> &
  Pick<SessionRecord, 'idleExpiresAt' | 'absoluteExpiresAt'> & {
    readonly device?: string | null;
    readonly metadata?: SessionMetadata | null;
  };

/** Returns what may be shown of a session, nothing of its secret. Computes the device's name unless it is known already. */
export function toAuthSession(session: Shown, userId: string): AuthSession {
  const { idleExpiresAt, absoluteExpiresAt } = session;
  // One literal: it is made at every request.
  return {
    id: session.id,
    userId,
    strategy: session.strategy,
    createdAt: session.createdAt,
    authenticatedAt: session.authenticatedAt,
    lastSeenAt: session.lastSeenAt,
    expiresAt: idleExpiresAt.getTime() < absoluteExpiresAt.getTime() ? idleExpiresAt : absoluteExpiresAt,
    ip: session.ip,
    userAgent: session.userAgent,
    device: session.device === undefined ? deviceName(session.userAgent) : session.device,
    amr: session.amr,
    impersonatorId: session.impersonatorId,
    onlyFor: session.onlyFor,
    metadata: session.metadata ?? EMPTY_OBJECT,
  };
}
