import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { HttpReply, HttpRequest } from '../../access/http-exchange.js';
import type { Strategy, Ticket } from '../../access/strategy.js';
import { Options } from '../../config/options.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { VerifiedSecretCache } from '../../kernel/verified-secret-cache.js';
import { type CredentialView, CredentialViews } from '../../revocation/credential-view.js';
import { UserStore } from '../../users/user.store.js';
import type { ApiKeyParts } from './api-key.js';
import { apiKeyTickets } from './api-key-headers.js';
import { ApiKeyLimits } from './api-key-limits.js';
import { apiKeyOptions } from './api-key-options.js';
import { type ApiKeySnapshot, ApiKeySnapshots } from './api-key-snapshots.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { ParsedKeyCache } from './parsed-key-cache.js';

/** Recognises a request by a key made for a machine: `Authorization: Bearer cck_…` or `X-API-Key: cck_…`. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(passport.Strategy, 'api-key') implements Strategy {
  override readonly name = 'api-key';
  readonly checksUserStatus = true;
  /** How many keys were judged, and how many of these from the view, asking nobody. */
  readonly tally = { judged: 0, fromView: 0 };
  private readonly view: CredentialView<ApiKeySnapshot>;
  private readonly secrets = new VerifiedSecretCache();
  private readonly keys = new ParsedKeyCache();

  constructor(
    views: CredentialViews,
    users: UserStore,
    options: Options,
    private readonly snapshots: ApiKeySnapshots,
    private readonly usage: ApiKeyUsage,
    private readonly limits: ApiKeyLimits,
    private readonly clock: Clock,
  ) {
    super();
    const { apiKeyViewSize } = options.of(apiKeyOptions);
    this.view = views.createView(apiKeyViewSize, users.announces && apiKeyViewSize > 0);
  }

  ticketsOf(request: HttpRequest): Ticket[] {
    return apiKeyTickets(request);
  }

  override authenticate(_request: object, { ticket }: { ticket: Ticket }): void {
    let context: AuthContext | Promise<AuthContext>;
    try {
      context = this.validate(ticket.value);
    } catch (error) {
      this.error(error);
      return;
    }
    // At once when nobody had to be asked: a promise would cost every request a detour.
    if (!(context instanceof Promise)) this.success(context);
    else
      context.then(
        (later) => this.success(later),
        (error) => this.error(error),
      );
  }

  /** Judges a key. Unknown, revoked, expired and wrong are one answer. @throws AuthError `unauthenticated`, `unavailable` */
  validate(apiKey: string): AuthContext | Promise<AuthContext> {
    const parts = this.keys.parseKey(apiKey);
    if (!parts) throw new AuthError('unauthenticated', { reason: 'malformed_api_key' });
    this.tally.judged += 1;
    const known = this.view.peek(parts.id);
    if (known === undefined) {
      const { id } = parts;
      return this.view.load(id, () => this.snapshots.load(id)).then((found) => this.judge(found, apiKey, parts));
    }
    // The same work as for a key that is none: the time of a refusal must not tell that there is such a one.
    if (!this.secrets.matches(parts.secret, known.secretHash)) return this.refuseSlowly();
    this.tally.fromView += 1;
    return this.judge(known, apiKey, parts);
  }

  chargeFor(context: AuthContext): ((reply: HttpReply) => Promise<void>) | undefined {
    return this.limits.chargeFor(context);
  }

  /** A throwaway: by its constructor a Nest strategy registers itself, by default with the whole process's Passport. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }

  private async refuseSlowly(): Promise<never> {
    const id = randomUUID();
    await this.view
      .load(id, () => this.snapshots.load(id))
      .catch((error: unknown) => {
        if (!(error instanceof AuthError) || error.code !== 'unauthenticated') throw error;
      });
    throw refusal('wrong_secret');
  }

  private judge(found: ApiKeySnapshot, apiKey: string, parts: ApiKeyParts): AuthContext {
    // First: who does not hold the secret learns nothing about the key.
    if (!this.secrets.matches(parts.secret, found.secretHash)) throw refusal('wrong_secret');
    this.keys.keep(apiKey, parts);
    const now = this.clock.now();
    if (found.isOver) throw refusal('api_key_revoked');
    if (found.expiresAt !== null && now.getTime() >= found.expiresAt.getTime()) throw refusal('api_key_expired');
    if (found.userBannedUntil !== null && now.getTime() < found.userBannedUntil.getTime()) throw refusal('user_banned');
    this.usage.record(parts.id, now);
    if (found.limits.length > 0) this.limits.remember(found);
    return found.context;
  }
}

function refusal(reason: string): AuthError {
  return new AuthError('unauthenticated', { reason });
}
