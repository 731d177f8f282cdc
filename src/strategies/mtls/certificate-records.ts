import { Inject, Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { CertificateEntity } from './certificate.entity.js';
import { CertificateNameEntity } from './certificate-name.entity.js';
import { namesOf } from './certificate-names.js';
import type { VerifiedCertificate } from './certificate-verifier.js';

/** Whom a certificate stands for. */
export interface CertificateHolder {
  readonly userId: string;
  readonly scopes: readonly string[];
}

/** Reads and writes certificates in the tables. */
@Injectable()
export class CertificateRecords {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * By its names within its anchor and no other. Null when none of them is known, or two of them stand for different users:
   * which is meant cannot be told.
   */
  async holderOf({ certificate, anchor }: VerifiedCertificate): Promise<CertificateHolder | null> {
    const names = namesOf(certificate);
    const known: CertificateHolder[] = await this.dataSource.query(
      `SELECT n.user_id AS "userId", n.scopes FROM coatcheck.certificate_names n
       JOIN unnest($2::text[], $3::text[]) AS given (kind, value) ON n.kind = given.kind AND n.value = given.value
       WHERE n.anchor = $1`,
      [anchor, names.map(({ kind }) => kind), names.map(({ value }) => value)],
    );
    const [first] = known;
    if (!first || known.some(({ userId }) => userId !== first.userId)) return null;
    return { userId: first.userId, scopes: [...new Set(known.flatMap(({ scopes }) => scopes))] };
  }

  /** Its row; created, or completed, when it is used for the first time. What revoked it within any anchor has revoked it. */
  async recordOf({ certificate, anchor }: VerifiedCertificate, userId: string): Promise<CertificateEntity> {
    const { identity, issuer, fingerprint, subject, serialNumber, notAfter } = certificate;
    const known = await this.worstOf(identity, anchor);
    if (known && (known.revokedAt !== null || known.userId === userId)) return known;
    const firstUsedAt = this.clock.now();
    const id = uuidv7({ msecs: firstUsedAt.getTime() });
    const row = { id, identity, userId, anchor, issuer, serialNumber, fingerprint, subject, notAfter, firstUsedAt };
    // Of many nodes that see it first one creates the row. A revocation meanwhile is neither lost nor overlooked.
    const columns =
      '(id, identity, user_id, anchor, issuer, serial_number, fingerprint, subject, not_after, first_used_at)';
    await this.dataSource.query(
      `INSERT INTO coatcheck.certificates ${columns} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (identity, anchor) DO UPDATE SET user_id = excluded.user_id WHERE certificates.revoked_at IS NULL`,
      Object.values(row),
    );
    return (await this.worstOf(identity, anchor)) ?? { ...row, revokedAt: null };
  }

  /**
   * The one that was revoked, in whichever anchor: an authority that another one has signed too must not lend its certificates
   * another anchor, and with it another life.
   */
  private async worstOf(identity: string, anchor: string): Promise<CertificateEntity | undefined> {
    const rows = await this.dataSource.getRepository(CertificateEntity).find({ where: { identity } });
    return rows.find(({ revokedAt }) => revokedAt !== null) ?? rows.find((row) => row.anchor === anchor);
  }

  /** The latest first. @param before only what is older than the one of this id */
  listOf(userId: string, before: string | undefined, limit: number): Promise<CertificateEntity[]> {
    const where = { userId, ...(before !== undefined && { id: LessThan(before) }) };
    const found = { where, order: { id: 'DESC' }, take: limit } as const;
    return this.dataSource.getRepository(CertificateEntity).find(found);
  }

  namesOf(userId: string): Promise<CertificateNameEntity[]> {
    return this.dataSource.getRepository(CertificateNameEntity).find({ where: { userId }, order: { id: 'DESC' } });
  }
}
