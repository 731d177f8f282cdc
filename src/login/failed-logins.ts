import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AuthError } from '../kernel/auth-error.js';
import { isRefusedByLimit } from '../limits/refusals.js';
import { isNotServed, isWithoutProof } from '../lockout/proof-outcome.js';

/** A login that was refused, or not served. */
export interface FailedLogin {
  readonly factor: string;
  readonly origin: RequestOrigin;
  /** Of the login, once it has named its user. */
  readonly userId?: string | undefined;
}

/**
 * Records refused logins under the user who was meant, wherever the server knows, and apart from them those that it could not serve: an
 * overload is no failed login. Nothing of that reaches the client.
 */
@Injectable()
export class FailedLogins {
  constructor(private readonly audit: AuditSink) {}

  /** Resolves when it is recorded. What a limit has refused is recorded by `Refusals`; what is no proof is not. */
  async record(error: unknown, { factor, origin, userId }: FailedLogin): Promise<void> {
    if (isRefusedByLimit(error) || isWithoutProof(error)) return;
    const refusal = error instanceof AuthError ? error : undefined;
    const meant = userId ?? refusal?.userId ?? null;
    await this.audit.record({
      type: isNotServed(error) ? 'login.unavailable' : 'login.failed',
      userId: meant,
      factor,
      reason: refusal?.reason ?? 'error',
      origin,
    });
  }
}
