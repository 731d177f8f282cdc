import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, Not } from 'typeorm';
import { AuditSink } from '../../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { Clock } from '../../../kernel/clock.js';
import { SecretKey } from '../../../kernel/secret-key.js';
import { audited } from '../../../security/actor.js';
import { domainIn } from './connection.js';
import { type ConnectionActor, ConnectionChanges } from './connection-changes.js';
import { ConnectionDomainEntity } from './connection-domain.entity.js';
import { ConnectionFile } from './connection-file.js';
import { ConnectionTable } from './connection-table.js';
import { DomainRecords } from './domain-records.js';

/** By what a domain is proven: a TXT record that only its owner can set, or an admin's word. */
export type DomainProof = 'dns' | 'admin';

/** The TXT record that proves a domain. */
export interface DomainRecord {
  readonly name: string;
  readonly value: string;
}

/** Whole domains only, and each of one connection: a domain below or above it is another one. */
@Injectable()
export class ConnectionDomains {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly table: ConnectionTable,
    private readonly changes: ConnectionChanges,
    private readonly file: ConnectionFile,
    private readonly records: DomainRecords,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll('connection-domain');
  }

  /** By name, those of several connections together. */
  of(connectionIds: readonly string[]): Promise<ConnectionDomainEntity[]> {
    if (connectionIds.length === 0) return Promise.resolve([]);
    const where = { connectionId: In([...connectionIds]) };
    return this.dataSource.manager.find(ConnectionDomainEntity, { where, order: { domain: 'ASC' } });
  }

  /** The record that the owner of a domain is to publish; the same at every call. */
  recordFor(connectionId: string, domain: string): DomainRecord {
    return recordBy(this.keys[0], connectionId, domain);
  }

  /**
   * Names a domain, and looks for its proof. Without one it is noted and counts for nothing; asked again, it is looked for again. A verified one
   * stays so.
   *
   * @throws AuthError `validation_failed` for what is no whole domain; `not_found`; `conflict` when another connection has it verified;
   *   `unavailable` when no name server answers
   */
  async add(
    connectionId: string,
    name: string,
    proof: DomainProof,
    by: ConnectionActor,
  ): Promise<ConnectionDomainEntity> {
    this.changes.assertNotOfFile(connectionId);
    const domain = domainIn(name);
    if (domain === null) throw unfitDomain();
    await this.table.get(connectionId);
    const isProven = proof === 'admin' || (await this.isPublished(connectionId, domain));
    return this.changes.make(by, async (tx) => {
      await this.table.locked(connectionId, tx);
      const before = await tx.findOneBy(ConnectionDomainEntity, { domain, connectionId });
      if (isProven) await this.assertFree(domain, connectionId, tx);
      const verifiedAt = before?.verifiedAt ?? (isProven ? this.clock.now() : null);
      const row = { domain, connectionId, verifiedAt };
      await tx.upsert(ConnectionDomainEntity, row, ['domain', 'connectionId']);
      const details = { connectionId, domain, verified: verifiedAt !== null, proof };
      await this.audit.record({ type: 'connection.domain_added', ...details, ...audited(by) }, tx);
      return row;
    });
  }

  /** @throws AuthError `not_found`; `conflict` for a connection of the file */
  async remove(connectionId: string, name: string, by: ConnectionActor): Promise<void> {
    this.changes.assertNotOfFile(connectionId);
    const domain = domainIn(name);
    await this.changes.make(by, async (tx) => {
      await this.table.locked(connectionId, tx);
      const { affected } =
        domain === null ? { affected: 0 } : await tx.delete(ConnectionDomainEntity, { domain, connectionId });
      if (!affected) throw new AuthError('not_found', { reason: 'no_such_domain' });
      await this.audit.record({ type: 'connection.domain_removed', connectionId, domain, ...audited(by) }, tx);
    });
  }

  /** Made by any key of ours: the record stays good when `SECRET_KEY` is replaced. */
  private async isPublished(connectionId: string, domain: string): Promise<boolean> {
    const wanted = this.keys.map((key) => recordBy(key, connectionId, domain));
    const found = await this.records.textsOf(wanted[0]!.name);
    return wanted.some(({ value }) => found.includes(value));
  }

  private async assertFree(domain: string, connectionId: string, tx: EntityManager): Promise<void> {
    // Two at once would otherwise both find it free; the loser is told, and not that something is broken.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`coatcheck:domain:${domain}`]);
    const where = { domain, connectionId: Not(connectionId), verifiedAt: Not(IsNull()) };
    const isTaken =
      this.file.domains().some(([one]) => one === domain) || (await tx.existsBy(ConnectionDomainEntity, where));
    if (isTaken) throw new AuthError('conflict', { reason: 'domain_of_another_connection' });
  }
}

function recordBy(key: Buffer, connectionId: string, domain: string): DomainRecord {
  const value = createHmac('sha256', key).update(`${connectionId}\n${domain}`).digest('base64url');
  return { name: `_coatcheck.${domain}`, value: `coatcheck-connection=${value}` };
}

function unfitDomain(): AuthError {
  const message = 'domain must be a whole domain name such as example.com';
  const errors = [{ field: 'domain', rule: 'isDomain', message }];
  return new AuthError('validation_failed', { reason: 'unfit_domain', errors });
}
