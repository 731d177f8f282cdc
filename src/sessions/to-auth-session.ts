import type { AuthSession } from '../kernel/auth-context.js';
import { deviceName } from './device-name.js';
import type { SessionRecord } from './session.store.js';

type Shown = Omit<AuthSession, 'userId' | 'device' | 'expiresAt'> &
  Pick<SessionRecord, 'idleExpiresAt' | 'absoluteExpiresAt'> & { readonly device?: string | null };

/** What may be shown of a session: nothing of its secret. Computes the device's name unless it is known already. */
export function toAuthSession(session: Shown, userId: string): AuthSession {
  const { id, strategy, createdAt, authenticatedAt, lastSeenAt, ip, userAgent, amr } = session;
  const { idleExpiresAt, absoluteExpiresAt, impersonatorId, onlyFor } = session;
  const expiresAt = idleExpiresAt.getTime() < absoluteExpiresAt.getTime() ? idleExpiresAt : absoluteExpiresAt;
  const device = session.device === undefined ? deviceName(userAgent) : session.device;
  const times = { createdAt, authenticatedAt, lastSeenAt, expiresAt };
  return { id, userId, strategy, ...times, ip, userAgent, device, amr, impersonatorId, onlyFor };
}
