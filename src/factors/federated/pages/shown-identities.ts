import { Injectable } from '@nestjs/common';
import type { ProofPlace } from '../../../credentials/factor.js';
import { labelOf } from '../connections/connection-label.js';
import { Connections } from '../connections/connections.js';
import { FederatedIdentities } from '../identities/federated-identities.js';
import type { ShownIdentity } from './identities.template.js';

/** The linked logins of users, as pages show them. */
@Injectable()
export class ShownIdentities {
  constructor(
    private readonly identities: FederatedIdentities,
    private readonly connections: Connections,
  ) {}

  /** The oldest first. */
  async of(userId: string): Promise<ShownIdentity[]> {
    const linked = await this.identities.listOf(userId);
    return Promise.all(
      linked.map(async ({ id, connectionId, emailThen: email, linkedAt, lastUsedAt }) => {
        const connection = await this.connections.find(connectionId);
        const provider = connection && labelOf(connection);
        return { id, provider, email, linkedAt, lastUsedAt, isUsable: connection?.isDisabled === false };
      }),
    );
  }

  /** The connections that a user may link: those that are listed, and the one that a mail has named. */
  async places(named: string | null): Promise<ProofPlace[]> {
    const listed = await this.connections.listed();
    const other = named === null ? null : await this.connections.named(named);
    const isNew = other !== null && !other.isDisabled && listed.every(({ id }) => id !== other.id);
    return [...listed, ...(isNew ? [other] : [])].map((one) => ({ key: one.slug, label: labelOf(one) }));
  }
}
