import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '../../config/configuration-error.js';
import { Options } from '../../config/options.js';
import { isOAuthOn, metadataBounds, oauthOptions } from '../oauth-options.js';
import { type FileClient, readClientFile } from './client-file.js';

/** The clients of `OAUTH_CLIENTS`, as they were when the application started. */
@Injectable()
export class ClientFiles {
  private readonly clients: ReadonlyMap<string, FileClient>;

  /** @throws ConfigurationError for a file that cannot be read or has mistakes */
  constructor(options: Options) {
    const values = options.of(oauthOptions);
    const { oauthClients } = values;
    const isRead = oauthClients !== undefined && isOAuthOn(options);
    const { entries, problems } = isRead
      ? readClientFile(oauthClients, metadataBounds(values))
      : { entries: [], problems: [] };
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.clients = new Map(entries.map((client) => [client.id, client]));
  }

  /** Undefined when there is no such client. */
  find(id: string): FileClient | undefined {
    return this.clients.get(id);
  }

  all(): readonly FileClient[] {
    return [...this.clients.values()];
  }
}
