import { Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';

/** Which connection a login goes to. */
@Injectable()
export class LoginRoutes {
  constructor(private readonly connections: Connections) {}

  /** Null for none of that name, and for one that is disabled. */
  async named(slug: string): Promise<Connection | null> {
    const connection = await this.connections.named(slug);
    return connection && !connection.isDisabled ? connection : null;
  }

  /** The connection that has verified the domain of an address; null for none, and for one that is disabled. Asks for no user. */
  ofAddress(typed: string): Promise<Connection | null> {
    return this.connections.ofAddress(typed);
  }
}
