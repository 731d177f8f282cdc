import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import type { Connection } from '../connections/connection.js';
import type { UpstreamLogin } from '../upstreams/upstream.js';
import { Upstreams } from '../upstreams/upstreams.js';
import { asksAnew } from './can-confirm.js';
import type { FederatedFlow } from './federated-flow.js';
import { FederatedFlows } from './federated-flows.js';

/** By how much the provider's clock may differ from ours. */
const CLOCKS_APART_MILLISECONDS = 60_000;

/** A flow that has come back, and the person that the provider names. */
export interface ProviderAnswer {
  readonly flow: FederatedFlow;
  readonly connection: Connection;
  readonly login: UpstreamLogin;
  /** When the provider was asked. */
  readonly askedAt: Date;
  /** When the user has proven there who they are, never later than now; null: not known. */
  readonly provenAt: Date | null;
}

/** Takes the answers of providers. */
@Injectable()
export class ProviderAnswers {
  constructor(
    private readonly flows: FederatedFlows,
    private readonly upstreams: Upstreams,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes an answer, once, in the browser that began the flow.
   *
   * @param callback the whole address, parameters included
   * @param slug which connection's address was called
   * @throws AuthError `invalid_credentials`, only its reason saying why; `unavailable` when the provider cannot be asked
   */
  async complete(callback: URL, slug: string, caller: Caller): Promise<ProviderAnswer> {
    const state = callback.searchParams.getAll('state');
    const { flow, connection } = await this.flows.take(state.length === 1 ? state[0] : undefined, slug, caller);
    const upstream = await this.upstreams.of(connection);
    if (upstream.issuer !== flow.issuer) throw refused('issuer_changed_meanwhile');
    const { state: expected, nonce, codeVerifier, redirectUri } = flow;
    // Our own address as the provider knows it: a proxy may have changed that of the request.
    const answer = new URL(redirectUri);
    answer.search = callback.search;
    const askedAt = this.clock.now();
    const login = await upstream.complete(answer, { state: expected, nonce, codeVerifier, redirectUri });
    assertNamesPerson(login);
    return { flow, connection, login, askedAt, provenAt: this.provenAt(login, flow, connection) };
  }

  /** OpenID Connect Core §3.1.2.1: a provider that is asked for a new login says when it was. */
  private provenAt({ identity }: UpstreamLogin, flow: FederatedFlow, connection: Connection): Date | null {
    const now = this.clock.now().getTime();
    const said = identity.authenticatedAt?.getTime() ?? null;
    // A time in the future is not that of a login: the provider counts by another unit, or its clock is wrong.
    const at = said === null || said > now + CLOCKS_APART_MILLISECONDS ? null : Math.min(said, now);
    if (flow.purpose === 'login') return at === null ? null : new Date(at);
    // Since the flow began, whatever the difference of the clocks makes of it.
    if (at !== null && at >= flow.startedAt - CLOCKS_APART_MILLISECONDS) return new Date(Math.max(at, flow.startedAt));
    if (!mayBeUnproven(flow, connection, at)) throw refused(at === null ? 'no_time_of_login' : 'login_is_not_new');
    return new Date(now);
  }
}

/** Whatever a provider's own code made of it, a login must name a person. */
function assertNamesPerson({ identity: { issuer, subject } }: UpstreamLogin): void {
  const isText = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= 1000;
  if (!isText(issuer) || !isText(subject) || `${issuer}${subject}`.includes('\0')) throw refused('no_subject');
}

/** A new login was asked for, and the provider has not said that there was one. A user who links one has proven who they are a moment ago. */
function mayBeUnproven({ purpose }: FederatedFlow, { kind, settings }: Connection, said: number | null): boolean {
  if (said !== null && asksAnew(kind)) return false;
  return settings.trustsNewLogin || (purpose === 'link' && kind !== 'oidc');
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
