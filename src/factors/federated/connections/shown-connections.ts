import { Injectable } from '@nestjs/common';
import { MountedRoutes } from '../../../http/mounted-routes.js';
import { cursorOf, idsIn } from '../../../http/page-cursor.js';
import { type PageQuery, pageSize } from '../../../http/page-query.js';
import type { ConnectionEntity } from './connection.entity.js';
import { ConnectionDomains } from './connection-domains.js';
import { ConnectionFile } from './connection-file.js';
import { ConnectionTable, noSuchConnection } from './connection-table.js';
import { ConnectionReply, type ConnectionsReply, domainReply } from './connections.replies.js';

/** Connections as admins see them: with their domains, and without their secrets. */
@Injectable()
export class ShownConnections {
  constructor(
    private readonly table: ConnectionTable,
    private readonly domains: ConnectionDomains,
    private readonly file: ConnectionFile,
    private readonly routes: MountedRoutes,
  ) {}

  /** A page, those of the file with the first. @throws AuthError `validation_failed` for text that is no cursor of ours */
  async list({ cursor, limit }: PageQuery): Promise<ConnectionsReply> {
    const size = pageSize(limit);
    const before = idsIn(cursor, 1)?.[0];
    const found = await this.table.list(before, size + 1);
    const shown = found.slice(0, size);
    return {
      connections: await this.withDomains(shown),
      fileConnections: before === undefined ? this.file.all().map((one) => this.ofFile(one.id)) : [],
      nextCursor: found.length > size ? cursorOf(shown.at(-1)!.id) : null,
    };
  }

  /** @throws AuthError `not_found` */
  async find(id: string): Promise<ConnectionReply> {
    return this.file.all().some((one) => one.id === id) ? this.ofFile(id) : this.of(await this.table.get(id));
  }

  async of(row: ConnectionEntity): Promise<ConnectionReply> {
    return (await this.withDomains([row]))[0]!;
  }

  private async withDomains(rows: readonly ConnectionEntity[]): Promise<ConnectionReply[]> {
    const domains = await this.domains.of(rows.map(({ id }) => id));
    return rows.map((row) => {
      const own = domains.filter(({ connectionId }) => connectionId === row.id);
      const shown = own.map((one) => domainReply(one, this.domains.recordFor(row.id, one.domain)));
      const more = { redirectUri: this.redirectUriOf(row), shadowed: this.file.has(row.slug) };
      return ConnectionReply.of(row, { ...more, domains: shown });
    });
  }

  private ofFile(id: string): ConnectionReply {
    const connection = this.file.all().find((one) => one.id === id);
    if (!connection) throw noSuchConnection();
    const own = this.file.domains().filter(([, one]) => one.id === id);
    return ConnectionReply.ofFile(connection, {
      redirectUri: this.redirectUriOf(connection),
      hasClientSecret: this.file.secretOf(id) !== null,
      domains: own.map(([domain]) => ({ domain, verifiedAt: null, record: null })),
    });
  }

  private redirectUriOf({ slug }: { readonly slug: string }): string {
    return this.routes.addressOf(`/auth/federated/${slug}/callback`);
  }
}
