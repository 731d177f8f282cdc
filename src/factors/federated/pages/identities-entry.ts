import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ShownEntries } from '../../../pages/shown-entries.js';
import { Connections } from '../connections/connections.js';

/** "Linked logins" stands in the navigation of an account while there is any connection, or any linked login. */
@Injectable()
export class IdentitiesEntry implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly entries: ShownEntries,
    private readonly connections: Connections,
  ) {}

  onModuleInit(): void {
    this.entries.onlyIf('account-identities', () => this.connections.areOfUse());
  }

  async onApplicationBootstrap(): Promise<void> {
    // Loaded before the first page is shown, if possible; a database that is out of reach is no reason not to start.
    await this.connections.all().catch(() => undefined);
  }
}
