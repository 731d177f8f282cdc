import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { AuthUser, CustomClaims, SessionMetadata, StrategyName } from '../kernel/auth-context.js';

/** The session that claims are asked for. */
export interface ClaimsRequest {
  /** `login`: it is about to start. `change`: its user has changed since its claims were asked for. */
  readonly cause: 'login' | 'change';
  readonly strategy: StrategyName;
  readonly amr: readonly string[];
  /** The admin who acts as the user; null: the user alone. */
  readonly impersonatorId: string | null;
  /** Those it has so far; empty at login. */
  readonly current: CustomClaims;
}

/** A login, as `ClaimsSource.metadataFor` is told of it. */
export interface LoginNote extends Pick<ClaimsRequest, 'strategy' | 'amr' | 'impersonatorId'> {
  readonly caller: Caller;
}

/**
 * Adds claims of your own to sessions. It is asked at login, and what it answers is frozen into the session: handlers find it in
 * `auth.claims`, and access tokens carry it, without another question. It is asked again once the user's `revision` has moved: by a change of
 * roles, address or status, or when you say that the claims of a user have changed (`UserClaims.changed`). Old access tokens then answer
 * `token_expired` and the refresh brings new ones; cookie sessions have them at their next request.
 *
 * Claims are JSON, 1 kB at most, under any name but those that tokens use themselves (`sub`, `roles`, …). An `AuthError` that it throws
 * refuses the login (the client sees `invalid_credentials` as ever, the audit its reason), or the request at hand; anything else is a 503. There is one of it, asked within the deadline of a request: keep it quick.
 *
 * @example
 * class TenantClaims extends ClaimsSource {
 *   async claimsFor(user: AuthUser) { return { tenant: await this.tenants.of(user.id) }; }
 * }
 * AuthModule.forRoot({ ..., providers: [{ provide: ClaimsSource, useClass: TenantClaims }] })
 */
export abstract class ClaimsSource {
  /** The user's claims as of now. Of two answers for the same revision the first that is stored stays. */
  abstract claimsFor(user: AuthUser, request: ClaimsRequest): CustomClaims | Promise<CustomClaims>;

  /** The metadata of a session that is about to start; default: none. Later `SessionService.setMetadata` changes it. */
  metadataFor(_user: AuthUser, _login: LoginNote): SessionMetadata | Promise<SessionMetadata> {
    return {};
  }
}

/** The default: there are no claims. */
@Injectable()
export class NoClaims extends ClaimsSource {
  override claimsFor(): CustomClaims {
    return {};
  }
}
