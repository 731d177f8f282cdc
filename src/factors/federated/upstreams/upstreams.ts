import { Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { PlainUpstream } from './plain-upstream.js';
import type { Upstream } from './upstream.js';

/** The provider behind a connection. */
@Injectable()
export class Upstreams {
  constructor(private readonly connections: Connections) {}

  /** @throws AuthError `unavailable` */
  async of(connection: Connection): Promise<Upstream> {
    return PlainUpstream.discover(connection, await this.connections.secretOf(connection));
  }
}
