import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { Clock } from '../../kernel/clock.js';
import { hashOf, isIdOf } from '../artifacts/artifact-ids.js';
import { OAuthArtifacts } from '../artifacts/oauth-artifacts.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { isOAuthTokenShaped } from '../tokens/oauth-token-header.js';
import { TokenHandles, type TokenKind, type TokenPayload } from '../tokens/token-handles.js';
import { PlainForms } from './plain-form.js';
import { answerPlainly } from './plain-replies.js';
import { isStillActing } from './token-claims.js';

const FIELDS: ReadonlySet<string> = new Set(['token', 'token_type_hint']);
const HINT = 'access_token';
const NOTHING_TOLD = JSON.stringify({ active: false });
const KINDS: readonly TokenKind[] = ['AccessToken', 'ClientCredentials'];

/**
 * Introspection of access tokens (RFC 7662), without the library where a request has nothing unusual: a JWT by what it says of itself, an
 * opaque one by the one statement that finds it; both judged from this node's view.
 */
@Injectable()
export class PlainIntrospection {
  private readonly issuer: string;
  private readonly toldOfJwts = new WeakMap<TokenPayload, string>();

  constructor(
    private readonly forms: PlainForms,
    private readonly handles: TokenHandles,
    private readonly artifacts: OAuthArtifacts,
    private readonly grants: OAuthGrants,
    private readonly clients: OAuthClients,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.issuer = new URL(options.of(coreOptions).publicUrl).origin;
  }

  /** False: the library has to. @throws AuthError `unavailable` */
  async answer(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<boolean> {
    const form = await this.forms.read(request, body, FIELDS);
    const { token, token_type_hint: hint = HINT } = form?.fields ?? {};
    if (!form || token === undefined || hint !== HINT) return false;
    const isJwt = isOAuthTokenShaped(token);
    const kind = isJwt ? undefined : KINDS.find((one) => isIdOf(one, token));
    if (!isJwt && kind === undefined) return false;
    const found = isJwt ? await this.handles.describe(token) : await this.findKept(kind!, token);
    const mayKnow = found !== null && this.isInTime(found) && (await this.handles.mayIntrospect(form.client.id, found));
    answerPlainly(response, 'WWW-Authenticate', mayKnow ? this.told(found, isJwt) : NOTHING_TOLD);
    return true;
  }

  /** An opaque one, if it holds at this moment. */
  private async findKept(kind: TokenKind, id: string): Promise<TokenPayload | null> {
    const found = await this.artifacts.find({ kind, idHash: hashOf(id) });
    const now = this.clock.now();
    if (found === null || found.consumedAt !== null || found.expiresAt <= now) return null;
    const { payload } = found;
    const isHeld = kind === 'AccessToken' ? this.hasItsGrant(payload) : isStillActing(this.clients, payload, now);
    return (await isHeld) ? payload : null;
  }

  private async hasItsGrant({ grantId, clientId, accountId }: TokenPayload): Promise<boolean> {
    const grant = typeof grantId === 'string' ? await this.grants.judge(grantId) : null;
    return grant !== null && grant.clientId === clientId && grant.user.id === accountId;
  }

  /** No leeway: who asks is told what every server may rely on. */
  private isInTime({ exp }: TokenPayload): boolean {
    return typeof exp === 'number' && Math.floor(this.clock.now().getTime() / 1000) < exp;
  }

  /** Of a JWT once: its view stays the same object. */
  private told(found: TokenPayload, isJwt: boolean): string {
    if (!isJwt) return JSON.stringify(this.answerOf(found));
    const told = this.toldOfJwts.get(found) ?? JSON.stringify(this.answerOf(found));
    this.toldOfJwts.set(found, told);
    return told;
  }

  private answerOf({
    accountId,
    extra = {},
    clientId,
    scope,
    jkt,
    ...found
  }: TokenPayload): Readonly<Record<string, unknown>> {
    const { exp, iat, sid, jti, aud, 'x5t#S256': x5t } = found;
    return {
      active: true,
      ...(accountId !== undefined && { sub: accountId }),
      ...(extra as object),
      client_id: clientId,
      exp,
      iat,
      sid,
      iss: this.issuer,
      jti,
      aud,
      scope: scope || undefined,
      ...(Boolean(jkt ?? x5t) && { cnf: { 'x5t#S256': x5t, jkt } }),
      token_type: jkt ? 'DPoP' : 'Bearer',
    };
  }
}
