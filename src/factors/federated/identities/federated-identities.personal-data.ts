import { Injectable } from '@nestjs/common';
import { PersonalData } from '../../../kernel/personal-data.js';
import { Connections } from '../connections/connections.js';
import { FederatedIdentities } from './federated-identities.js';

/** The identities of the user elsewhere, and what the providers said of the user when these were linked. */
@Injectable()
export class FederatedIdentitiesPersonalData extends PersonalData {
  readonly name = 'linkedLogins';

  constructor(
    private readonly identities: FederatedIdentities,
    private readonly connections: Connections,
  ) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    const linked = await this.identities.listOf(userId);
    const lines: object[] = [];
    for (const { id, connectionId, issuer, subject, emailThen, linkedAt, lastUsedAt } of linked) {
      const connection = (await this.connections.find(connectionId))?.slug ?? connectionId;
      lines.push({ id, connection, issuer, subject, emailThen, linkedAt, lastUsedAt });
    }
    yield lines;
  }

  /** Every one is a way in. */
  override async countEnding(userId: string): Promise<number> {
    return (await this.identities.listOf(userId)).length;
  }
}
