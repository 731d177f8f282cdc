import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { outsideDeadline } from '../../../kernel/deadline.js';
import { AtomicPrimitives } from '../../../sessions/atomic-primitives.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { FederatedEnds } from '../recheck/federated-ends.js';
import { NotedLogouts } from '../recheck/noted-logouts.js';
import type { UpstreamLogout } from '../upstreams/upstream.js';
import { Upstreams } from '../upstreams/upstreams.js';

/** The longest that a token is fresh, with what clocks may differ by. */
const FRESH_SECONDS = 360;

/** Ends sessions when a provider says so: OpenID Connect Back-Channel Logout 1.0. */
@Injectable()
export class UpstreamLogouts {
  constructor(
    private readonly connections: Connections,
    private readonly upstreams: Upstreams,
    private readonly noted: NotedLogouts,
    private readonly ends: FederatedEnds,
    private readonly atomics: AtomicPrimitives,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends what rests on the session that the token names, or on all logins of its subject. Returns when no node accepts any of it. A session or a
   * subject that nothing rests on is no error: it is logged out.
   *
   * @throws AuthError `not_found` without such a connection; `invalid_token` for one that is not right, not fresh, or was good once;
   *   `unavailable` when that cannot be known, and the same token may come again
   */
  async take(slug: string, token: string, origin: RequestOrigin): Promise<void> {
    const connection = await this.connections.named(slug);
    if (!connection) throw new AuthError('not_found', { reason: 'no_such_connection' });
    const logout = await this.read(connection, token);
    const key = `federated-logout:${connection.id}:${logout.tokenId}`;
    const now = this.clock.now();
    const expiresAt = new Date(Math.max(now.getTime(), logout.issuedAt.getTime()) + 2 * FRESH_SECONDS * 1000);
    if (!(await this.atomics.offer(key, 0, { expiresAt, now }))) throw refused('logout_token_replayed');
    try {
      await this.noted.note(connection.id, logout);
      const { issuer, subject, sessionId } = logout;
      const which = { connectionId: connection.id, issuer, subject, sessionId };
      await this.ends.end(which, 'federated_logged_out', { origin });
    } catch (error) {
      // It was not good yet: the provider sends it again.
      await outsideDeadline(() => this.atomics.consumeOnce(key, now)).catch(() => undefined);
      throw error;
    }
  }

  private async read(connection: Connection, token: string): Promise<UpstreamLogout> {
    const upstream = await this.upstreams.of(connection);
    const logout = await upstream.readLogout(token).catch((error: unknown) => {
      if (!(error instanceof AuthError) || error.code !== 'validation_failed') throw error;
      throw refused(error.reason ?? 'logout_token_invalid', error.cause);
    });
    const age = (this.clock.now().getTime() - logout.issuedAt.getTime()) / 1000;
    if (!(Math.abs(age) <= FRESH_SECONDS)) throw refused('logout_token_iat');
    return logout;
  }
}

function refused(reason: string, cause?: unknown): AuthError {
  return new AuthError('invalid_token', { reason, cause });
}
