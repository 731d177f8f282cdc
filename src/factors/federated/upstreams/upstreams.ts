import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { coreOptions } from '../../../config/core-options.js';
import { Options } from '../../../config/options.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { providerOf } from '../providers/providers.js';
import type { Upstream } from './upstream.js';
import type { UpstreamParts } from './upstream-client.js';
import { UpstreamFetch } from './upstream-fetch.js';

const MOST = 1_000;

/**
 * The upstream of a connection: made once for each version of it, so that metadata and keys of its provider are known from login to login. The
 * library is loaded by the first.
 */
@Injectable()
export class Upstreams {
  private readonly made = new LRUCache<string, { readonly version: string; readonly upstream: Upstream }>({
    max: MOST,
  });
  private parts: Promise<UpstreamParts> | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly fetch: UpstreamFetch,
    private readonly clock: Clock,
    private readonly options: Options,
  ) {}

  /** @throws AuthError `unavailable` for a connection whose kind is not known here, or whose secret cannot be read */
  async of(connection: Connection): Promise<Upstream> {
    const secret = await this.connections.secretOf(connection);
    const version = createHash('sha256')
      .update(JSON.stringify([connection, secret]))
      .digest('base64url');
    const known = this.made.get(connection.id);
    if (known?.version === version) return known.upstream;
    const provider = providerOf(connection.kind);
    if (!provider) throw new AuthError('unavailable', { reason: 'connection_of_unknown_kind' });
    const upstream = provider.create(connection, secret, await this.loaded());
    this.made.set(connection.id, { version, upstream });
    return upstream;
  }

  private loaded(): Promise<UpstreamParts> {
    const { fetch, clock } = this;
    const mayBePlain = this.options.of(coreOptions).nodeEnv !== 'production';
    this.parts ??= import('openid-client').then((library) => ({ fetch, clock, library, mayBePlain }));
    return this.parts;
  }
}
