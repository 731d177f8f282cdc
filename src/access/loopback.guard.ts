import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { isLoopbackAddress, isLoopbackHost } from '../config/loopback.js';
import { Options } from '../config/options.js';
import { requestOf } from '../edge/edge.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { AuthError } from '../kernel/auth-error.js';

/**
 * For routes that are only there for trying out: they answer this machine, under a name that is this machine's, and no one else.
 * A page of another site that had its own name lead here (DNS rebinding) still sends that name as `Host`.
 */
@Injectable()
export class LoopbackGuard implements CanActivate {
  private readonly isProduction: boolean;

  constructor(options: Options) {
    this.isProduction = options.of(coreOptions).nodeEnv === 'production';
  }

  /** @throws AuthError `not_found` */
  canActivate(context: ExecutionContext): true {
    const reason = this.isProduction ? 'not_in_production' : strangenessOf(requestOf(context));
    if (reason !== null) throw new AuthError('not_found', { reason });
    return true;
  }
}

function strangenessOf({ headers, socket }: HttpRequest): string | null {
  // Of the connection, whatever a proxy says of its clients.
  if (!isLoopbackAddress(socket?.remoteAddress ?? '')) return 'peer_is_another_machine';
  const { host = '' } = headers;
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  return isLoopbackHost(name) ? null : 'host_is_another_machine';
}
