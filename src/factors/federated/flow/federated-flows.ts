import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller.js';
import type { Exchange } from '../../../access/replier.js';
import { MountedRoutes } from '../../../http/mounted-routes.js';
import type { Transport } from '../../../kernel/auth-context.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { AtomicPrimitives } from '../../../sessions/atomic-primitives.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import type { FlowPurpose } from '../upstreams/upstream.js';
import { Upstreams } from '../upstreams/upstreams.js';
import { type FederatedFlow, FLOW_SECONDS, type FlowOwner } from './federated-flow.js';
import { FlowCookie } from './flow-cookie.js';

/** Parameters of a flow. */
export interface FlowParams {
  readonly purpose: FlowPurpose;
  readonly connection: Connection;
  /** The target as `ReturnTargets.read` gave it, or `returnAddress`. */
  readonly returnTo: string | null;
  /** Whether our pages begin it, which go on with a login that is not finished. */
  readonly isByPage: boolean;
  readonly strategy?: string | undefined;
  readonly transport?: Transport | undefined;
  /** The logged-in user who begins it for their own account; absent for a login. */
  readonly owner?: FlowOwner;
  /** The address that was typed, so that the provider need not ask for it. */
  readonly loginHint?: string | undefined;
}

/** Flows to outside providers, from the browser's leaving to its coming back. */
@Injectable()
export class FederatedFlows {
  constructor(
    private readonly connections: Connections,
    private readonly upstreams: Upstreams,
    private readonly cookie: FlowCookie,
    private readonly atomics: AtomicPrimitives,
    private readonly routes: MountedRoutes,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins one, in this browser.
   *
   * @returns where to send the browser
   * @throws AuthError `unavailable` when the provider cannot be reached and nothing is known of it
   */
  async begin(params: FlowParams, exchange: Exchange): Promise<URL> {
    const { purpose, connection, loginHint, owner = null, strategy, transport, returnTo, isByPage } = params;
    const upstream = await this.upstreams.of(connection);
    const redirectUri = this.redirectUriOf(connection);
    const secrets = { state: random(), nonce: random(), codeVerifier: random(), redirectUri };
    const [now, expiresAt] = [this.clock.now(), this.clock.in(FLOW_SECONDS)];
    const url = await upstream.authorizationUrl({ ...secrets, purpose, ...(loginHint && { loginHint }) });
    const flow: FederatedFlow = {
      ...secrets,
      ...{
        purpose,
        connectionId: connection.id,
        issuer: upstream.issuer,
        returnTo,
        isByPage,
        strategy,
        transport,
        owner,
      },
      ...{ startedAt: now.getTime(), expiresAt: expiresAt.getTime() },
    };
    if (!(await this.atomics.offer(offerOf(flow), 0, { expiresAt, now }))) throw new Error('a random state was taken');
    this.cookie.set(flow, exchange);
    return url;
  }

  /** The flow whose answer this is; null for none of this browser. Uses nothing up. */
  peek(state: unknown, caller: Caller): FederatedFlow | null {
    return this.cookie.read(state, caller);
  }

  /**
   * Uses a flow up: of any number of answers to it one goes on.
   *
   * @param slug the connection whose address was called: each has its own (RFC 9700 §4.4)
   * @returns the flow and its connection, which is there and not disabled
   * @throws AuthError `invalid_credentials`
   */
  async take(
    state: unknown,
    slug: string,
    caller: Caller,
  ): Promise<{ readonly flow: FederatedFlow; readonly connection: Connection }> {
    const flow = this.peek(state, caller);
    if (flow === null) throw refused('flow_of_no_such_browser');
    const now = this.clock.now();
    if (now.getTime() >= flow.expiresAt) throw refused('flow_expired');
    if (!(await this.atomics.consumeOnce(offerOf(flow), now))) throw refused('flow_is_over');
    const connection = await this.connections.find(flow.connectionId);
    if (!connection || connection.isDisabled) throw refused('connection_is_gone');
    if (connection.slug !== slug || this.redirectUriOf(connection) !== flow.redirectUri)
      throw refused('answer_of_another_connection');
    return { flow, connection };
  }

  private redirectUriOf({ slug }: Connection): string {
    return this.routes.addressOf(`/auth/federated/${slug}/callback`);
  }
}

/** 256 bits; of the characters that a code verifier may have (RFC 7636 §4.1). */
function random(): string {
  return randomBytes(32).toString('base64url');
}

function offerOf({ state }: FederatedFlow): string {
  return `federated-flow:${state}`;
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
