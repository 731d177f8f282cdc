import { Injectable } from '@nestjs/common';
import type { AuthUser, CustomClaims, SessionMetadata } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { deepFrozen, EMPTY_OBJECT, frozenJson } from '../kernel/json-object.js';
import { toAuthUser, type UserRecord } from '../users/user.store.js';
import { type ClaimsRequest, ClaimsSource, type LoginNote, NoClaims } from './claims-source.js';
import { type SessionRecord, SessionStore } from './session.store.js';
import type { HostNotes } from './session-params.js';

/** Bytes of JSON: all claims of a session, and all that is noted of it. */
const MOST_BYTES = 1_024;

/**
 * Names that say something already, in our tokens or to those who verify them.
 *
 * @see RFC 7519 §4.1, RFC 7800, RFC 8693 §4, RFC 9068 §2.2, OpenID Connect Core §2
 */
const RESERVED: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sid', 'ver', 'cnf', 'act', 'may_act', 'client_id', 'scope'],
  ...['auth_time', 'amr', 'acr', 'azp', 'nonce', 'roles', 'permissions', '__proto__'],
]);

/** Asks the host's {@link ClaimsSource}, and keeps what it has said. */
@Injectable()
export class SessionClaims {
  private readonly hasSource: boolean;

  constructor(
    private readonly source: ClaimsSource,
    private readonly sessions: SessionStore,
  ) {
    this.hasSource = !(source instanceof NoClaims);
  }

  /**
   * What the host notes of a session that is about to start; undefined where no {@link ClaimsSource} is set.
   *
   * @throws AuthError what the source throws; `unavailable` when that is none, `internal_error` when it says what a token cannot carry
   */
  async atLogin(user: AuthUser, login: LoginNote): Promise<HostNotes | undefined> {
    if (!this.hasSource) return undefined;
    const { strategy, amr, impersonatorId } = login;
    const [claims, metadata] = await Promise.all([
      this.ask(user, { cause: 'login', strategy, amr, impersonatorId, current: EMPTY_OBJECT }),
      this.noted(user, login),
    ]);
    return { claims, claimsRevision: user.revision, metadata };
  }

  /** Of a live session, as of this user. Asks the source when the user has changed since, and the store to keep what it says. */
  async inForce(session: SessionRecord, user: UserRecord): Promise<CustomClaims> {
    if (!this.hasSource) return EMPTY_OBJECT;
    const known = claimsOf(session);
    if (session.claimsRevision === user.revision) return known;
    const { id, strategy, amr } = session;
    const impersonatorId = session.impersonatorId ?? null;
    const claims = await this.ask(toAuthUser(user), { cause: 'change', strategy, amr, impersonatorId, current: known });
    if (await this.sessions.writeClaims(id, claims, user.revision)) return claims;
    // Another node was quicker, or knows a later revision: all are to say the same.
    const latest = await this.sessions.find(id);
    const isLater = latest !== null && (latest.claimsRevision ?? 0) >= user.revision;
    return isLater ? claimsOf(latest) : claims;
  }

  private async ask(user: AuthUser, request: ClaimsRequest): Promise<CustomClaims> {
    const claims = await answered(async () => this.source.claimsFor(user, request));
    const frozen = readClaims(claims, 'claims');
    const taken = Object.keys(frozen).find((name) => RESERVED.has(name));
    if (taken === undefined) return frozen;
    throw refused('claims', new TypeError(`names ${taken}, which access tokens use themselves`));
  }

  private async noted(user: AuthUser, login: LoginNote): Promise<SessionMetadata | null> {
    const metadata = readClaims(await answered(async () => this.source.metadataFor(user, login)), 'metadata');
    return Object.keys(metadata).length === 0 ? null : metadata;
  }
}

/** @throws AuthError `internal_error` for what is no object of JSON, or too long: a fault of the application, which the log has */
export function readClaims(given: unknown, what: 'claims' | 'metadata'): CustomClaims & SessionMetadata {
  try {
    return frozenJson(given, MOST_BYTES);
  } catch (cause) {
    throw refused(what, cause);
  }
}

/** Unchangeable: requests share them. */
export function claimsOf({ claims }: Pick<SessionRecord, 'claims'>): CustomClaims {
  return claims ? (deepFrozen(claims) as CustomClaims) : EMPTY_OBJECT;
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof AuthError) throw cause;
    throw new AuthError('unavailable', { reason: 'claims_source_failed', cause });
  }
}

function refused(what: string, cause: unknown): AuthError {
  return new AuthError('internal_error', { reason: `${what}_refused`, cause });
}
