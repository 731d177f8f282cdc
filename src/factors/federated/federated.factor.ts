import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  type EnrolledFactor,
  Factor,
  type FactorProof,
  type FactorSelection,
  type FirstClaim,
  type PlacesToBegin,
  type ProofPlace,
} from '../../credentials/factor.js';
import { AuthError } from '../../kernel/auth-error.js';
import type { Connection } from './connections/connection.js';
import { labelOf } from './connections/connection-label.js';
import { Connections } from './connections/connections.js';
import { FederatedProof } from './federated.proof.js';
import { canConfirm } from './flow/can-confirm.js';
import { ProviderAnswers } from './flow/provider-answers.js';
import { FederatedIdentities } from './identities/federated-identities.js';
import { IdentityOwners } from './identities/identity-owners.js';
import { FederatedLogins } from './recheck/federated-logins.js';
import type { UpstreamIdentity } from './upstreams/upstream.js';

/** RFC 8176 knows twenty. */
const MOST_METHODS = 20;

/**
 * Relies on a provider, which says who the browser's user is there; a link says who that is here. Begins logins; what is enrolled
 * besides, is asked for after it, unless the connection is trusted with that.
 */
@Injectable()
export class FederatedFactor extends Factor<FederatedProof> {
  readonly name = 'federated';
  readonly amr = ['fed'];
  readonly proofClass = FederatedProof;
  override readonly canBegin = true;
  override readonly isGuessable = false;

  constructor(
    private readonly answers: ProviderAnswers,
    private readonly owners: IdentityOwners,
    private readonly logins: FederatedLogins,
    private readonly identities: FederatedIdentities,
    private readonly connections: Connections,
  ) {
    super();
  }

  override get title(): string {
    return 'a linked login';
  }

  override async begin({ proof, caller }: FirstClaim<FederatedProof>): Promise<FactorProof> {
    const { connection, flow, login, askedAt, provenAt } = await this.answers.complete(
      new URL(proof.callback),
      proof.slug,
      caller,
    );
    if (flow.purpose === 'link') throw new AuthError('invalid_credentials', { reason: 'flow_for_a_link' });
    if (flow.owner !== null) await this.assertLinkedTo(flow.owner.userId, connection, login.identity);
    const { user, identityId, isNew } = await this.owners.find(connection, login.identity, caller);
    const context = await this.logins.begin({ connection, identityId, login, askedAt });
    // Only the person who has just created the account by this login could be asked for another proof.
    const authenticatedAt = provenAt === null && isNew ? undefined : provenAt;
    return { user, amr: amrOf(connection, login.identity), authenticatedAt, context, stepsUp: flow.owner?.sessionId };
  }

  override onSession(context: string, sessionId: string): Promise<void> {
    return this.logins.onSession(context, sessionId);
  }

  override async placesToBegin(): Promise<PlacesToBegin> {
    const listed = (await this.connections.listed()).map(placeOf);
    return { listed, areFoundByAddress: await this.connections.haveDomains() };
  }

  override async placesToConfirm(userId: string): Promise<readonly ProofPlace[]> {
    const linked = await this.identities.listOf(userId);
    if (linked.length === 0) return [];
    const ids = new Set(linked.map(({ connectionId }) => connectionId));
    return (await this.connections.all()).filter((one) => canConfirm(one) && ids.has(one.id)).map(placeOf);
  }

  /** A user who is logged in proves to be the same again: no user is found, created or linked by it. */
  private async assertLinkedTo(userId: string, connection: Connection, identity: UpstreamIdentity): Promise<void> {
    if ((await this.identities.of(connection, identity))?.userId === userId) return;
    throw new AuthError('invalid_credentials', { reason: 'login_of_another_user', userId });
  }

  /** An identity without an enabled connection lets no user in. */
  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const linked = await this.identities.listOf(userId, within);
    if (linked.length === 0) return [];
    const enabled = new Map(
      (await this.connections.all()).filter(({ isDisabled }) => !isDisabled).map((one) => [one.id, one]),
    );
    return linked.flatMap(({ id, connectionId, linkedAt: enrolledAt, lastUsedAt }) => {
      const connection = enabled.get(connectionId);
      if (!connection) return [];
      const name = labelOf(connection);
      return [{ factor: this.name, id, name, enrolledAt, lastUsedAt, remaining: null }];
    });
  }

  async removeAllOf(userId: string, within: EntityManager, { since, id }: FactorSelection = {}): Promise<void> {
    await this.identities.remove({ userId, since, id }, within);
  }
}

function amrOf({ settings }: Connection, { amr }: UpstreamIdentity): readonly string[] {
  if (!settings.trustsMfa) return ['fed'];
  const known = amr.filter((method) => /^[a-z0-9_]{1,32}$/.test(method)).slice(0, MOST_METHODS);
  return [...new Set(['fed', ...known])];
}

function placeOf(connection: Connection): ProofPlace {
  return { key: connection.slug, label: labelOf(connection) };
}
