import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { VerifiedAuth } from '../verified-auth.js';
import type { Verifier } from '../verifier.js';
import { VerifyError } from '../verify-error.js';
import type { VerifyRequest } from '../verify-request.js';
import { PUBLIC, ROLES, SCOPES } from './decorators.js';
import { requestIn } from './request-in.js';

/** Injects the verifier: `@Inject(VERIFIER) verifier: Verifier`. */
export const VERIFIER = Symbol('coatcheck/verify');

/** Refuses every route and GraphQL resolver to requests without a valid ticket, unless it is `@Public()`. Sets `request.auth`. */
@Injectable()
export class VerifyGuard implements CanActivate {
  constructor(
    @Inject(VERIFIER) protected readonly verifier: Verifier,
    @Inject(Reflector) protected readonly reflector: Reflector,
  ) {}

  /** @throws VerifyError */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const roles = this.rule<string[]>(ROLES, context);
    const scopes = this.rule<string[]>(SCOPES, context);
    if (this.isPublic(context)) return true;
    const request = requestIn(context) as (VerifyRequest & { auth?: VerifiedAuth }) | null;
    // Messages of sockets and brokers bring no ticket of their own.
    if (request === null) throw new VerifyError('forbidden', { reason: 'no_request' });
    const auth = this.verifier.admit(request, { ...(roles && { roles }), ...(scopes && { scopes }) });
    if (auth instanceof Promise) return auth.then((later) => admitted(request, later));
    return admitted(request, auth);
  }

  /** What a handler says itself counts for more than what its controller says. */
  private isPublic(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const own = this.reflector.get<boolean | undefined>(PUBLIC, handler);
    if (own !== undefined) return own;
    const asksSomething = [ROLES, SCOPES].some((key) => this.reflector.get(key, handler) !== undefined);
    return !asksSomething && this.reflector.get<boolean | undefined>(PUBLIC, context.getClass()) === true;
  }

  private rule<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}

function admitted(request: { auth?: VerifiedAuth }, auth: VerifiedAuth | null): true {
  if (auth === null) throw new VerifyError('unauthenticated', { reason: 'no_ticket' });
  request.auth = auth;
  return true;
}
