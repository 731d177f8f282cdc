import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller.js';
import { AuthError } from '../../../kernel/auth-error.js';
import type { Connection } from '../connections/connection.js';
import type { UpstreamLogin } from '../upstreams/upstream.js';
import { Upstreams } from '../upstreams/upstreams.js';
import type { FederatedFlow } from './federated-flow.js';
import { FederatedFlows } from './federated-flows.js';

/** By how much the provider's clock may be behind ours. */
const CLOCKS_APART_MILLISECONDS = 60_000;

/** A flow that has come back, and who the provider says it was. */
export interface CompletedFlow {
  readonly flow: FederatedFlow;
  readonly connection: Connection;
  readonly login: UpstreamLogin;
}

/** Takes the answers of providers. */
@Injectable()
export class CompletedFlows {
  constructor(
    private readonly flows: FederatedFlows,
    private readonly upstreams: Upstreams,
  ) {}

  /**
   * Takes an answer, once, in the browser that began the flow.
   *
   * @param callback the whole address, parameters included
   * @param slug which connection's address was called
   * @throws AuthError `invalid_credentials`, only its reason saying why; `unavailable` when the provider cannot be asked
   */
  async complete(callback: URL, slug: string, caller: Caller): Promise<CompletedFlow> {
    const state = callback.searchParams.getAll('state');
    const { flow, connection } = await this.flows.take(state.length === 1 ? state[0] : undefined, slug, caller);
    const upstream = await this.upstreams.of(connection);
    if (upstream.issuer !== flow.issuer) throw refused('issuer_changed_meanwhile');
    const { state: expected, nonce, codeVerifier, redirectUri } = flow;
    // Our own address as the provider knows it: what a proxy made of it must not count.
    const answer = new URL(redirectUri);
    answer.search = callback.search;
    const login = await upstream.complete(answer, { state: expected, nonce, codeVerifier, redirectUri });
    assertIsSomebody(login);
    if (flow.purpose !== 'login') assertIsFresh(login, flow, connection);
    return { flow, connection, login };
  }
}

/** Whatever a provider's file made of it. */
function assertIsSomebody({ identity: { issuer, subject } }: UpstreamLogin): void {
  const isText = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= 1000;
  if (!isText(issuer) || !isText(subject) || `${issuer}${subject}`.includes('\0')) throw refused('no_subject');
}

/** OpenID Connect Core §3.1.2.1: a provider that is asked for a new login answers when it was. Others cannot say. */
function assertIsFresh({ identity }: UpstreamLogin, { startedAt }: FederatedFlow, { kind }: Connection): void {
  const { authenticatedAt } = identity;
  if (authenticatedAt === null) {
    if (kind === 'oidc') throw refused('no_time_of_login');
    return;
  }
  if (authenticatedAt.getTime() < startedAt - CLOCKS_APART_MILLISECONDS) throw refused('login_is_not_new');
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
