import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SecurityScheme } from '../../access/security-scheme.js';
import { type LookedUp, type Ticket, TicketStrategy, type Verdict } from '../../access/ticket-strategy.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { MACHINE_SCHEMES } from '../../http/api-docs.js';
import { type AuthContext, ticketIdOf } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { VerifiedSecretCache } from '../../kernel/verified-secret-cache.js';
import { type CredentialView, CredentialViews } from '../../revocation/credential-view.js';
import { UserStore } from '../../users/user.store.js';
import type { ApiKeyParts } from './api-key.js';
import { apiKeyTickets, hasApiKeyShape } from './api-key-headers.js';
import { apiKeyOptions } from './api-key-options.js';
import { type ApiKeySnapshot, ApiKeySnapshots } from './api-key-snapshots.js';
import { ApiKeyUsage } from './api-key-usage.js';
import { ParsedKeyCache } from './parsed-key-cache.js';

/** Recognises a request by a key made for a machine: `Authorization: Bearer cck_…` or `X-API-Key: cck_…`. */
@Injectable()
export class ApiKeyStrategy extends TicketStrategy {
  static override securitySchemes(): Readonly<Record<string, SecurityScheme>> {
    return {
      [MACHINE_SCHEMES.apiKey]: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      [MACHINE_SCHEMES.apiKeyBearer]: { type: 'http', scheme: 'bearer', bearerFormat: 'cck_…' },
    };
  }

  override readonly name = 'api-key';
  override readonly bearerTokens = hasApiKeyShape;
  override readonly challenge = 'Bearer realm="coatcheck"';
  /** How many keys were judged, and how many of these from the view, without asking a store. */
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
    private readonly clock: Clock,
  ) {
    super();
    const { apiKeyViewSize } = options.of(apiKeyOptions);
    this.view = views.createView(apiKeyViewSize, users.announces && apiKeyViewSize > 0);
  }

  override ticketsOf(request: HttpRequest, bearer: readonly string[]): readonly Ticket[] {
    return apiKeyTickets(request, bearer);
  }

  /** Unknown, revoked, expired and wrong are one answer. @throws AuthError `unauthenticated`, `unavailable` */
  override verify({ value: apiKey }: Ticket): Verdict | Promise<Verdict> {
    const parts = this.keys.parseKey(apiKey);
    if (!parts) throw new AuthError('unauthenticated', { reason: 'malformed_api_key' });
    this.tally.judged += 1;
    const known = this.view.peek(parts.id);
    if (known === undefined) return this.load(parts.id).then((found) => this.verifyLoaded(found, apiKey, parts));
    // The same work as for a key that is none: the time of a refusal must not tell that there is such a one.
    if (!this.secrets.matches(parts.secret, known.secretHash)) return this.refuseSlowly();
    this.tally.fromView += 1;
    return this.verifyProven(known, apiKey, parts);
  }

  override async recheck(auth: AuthContext): Promise<Date | null> {
    const id = ticketIdOf(auth);
    const found = this.view.peek(id) ?? (await this.load(id));
    const { isOver, verdict, expiresAt } = found;
    const now = this.clock.now();
    if (isOver) throw refusal('api_key_revoked');
    if (expiresAt !== null && now >= expiresAt) throw refusal('api_key_expired');
    const { userBannedUntil } = verdict;
    if (userBannedUntil && now < userBannedUntil) throw refusal('user_banned');
    if (verdict.auth.user.revision !== auth.user.revision) throw refusal('user_changed_since');
    return expiresAt;
  }

  /** Its rate limits are of requests to this service, and count none of others'. */
  override async lookUp(apiKey: string): Promise<LookedUp> {
    const { auth, userBannedUntil } = await this.verify({ value: apiKey, carrier: 'header' });
    const until = auth.by === 'session' ? null : auth.credential.expiresAt;
    const subjects = [`key:${ticketIdOf(auth)}`, `user:${auth.user.id}`] as const;
    return {
      auth,
      ...(userBannedUntil !== undefined && { userBannedUntil }),
      subjects,
      until,
      mayKeep: true,
      confirmation: null,
    };
  }

  private async refuseSlowly(): Promise<never> {
    await this.load(randomUUID()).catch((error: unknown) => {
      if (!(error instanceof AuthError) || error.code !== 'unauthenticated') throw error;
    });
    throw refusal('wrong_secret');
  }

  private load(id: string): Promise<ApiKeySnapshot> {
    return this.view.load(id, () => this.snapshots.load(id));
  }

  private verifyLoaded(found: ApiKeySnapshot, apiKey: string, parts: ApiKeyParts): Verdict {
    // First: who does not hold the secret learns nothing about the key.
    if (!this.secrets.matches(parts.secret, found.secretHash)) throw refusal('wrong_secret');
    return this.verifyProven(found, apiKey, parts);
  }

  /** Of a key whose secret is right. */
  private verifyProven(found: ApiKeySnapshot, apiKey: string, parts: ApiKeyParts): Verdict {
    this.keys.keep(apiKey, parts);
    const now = this.clock.milliseconds();
    if (found.isOver) throw refusal('api_key_revoked');
    if (found.expiresAt !== null && now >= found.expiresAt.getTime()) throw refusal('api_key_expired');
    this.usage.record(parts.id, now);
    return found.verdict;
  }
}

function refusal(reason: string): AuthError {
  return new AuthError('unauthenticated', { reason });
}
