import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { CertificateEntity } from './certificate.entity.js';
import type { CertificateNameEntity } from './certificate-name.entity.js';
import { NAME_KINDS, type NameKind } from './certificate-names.js';

export class CertificateReply {
  @ApiProperty({ description: 'Trust anchor of the certificate.', example: 'default' })
  anchor!: string;

  @ApiProperty({ description: 'Issuer of the certificate, RFC 4514.', example: 'CN=Example CA, O=Example' })
  issuer!: string;

  @ApiProperty({ description: 'Serial number, hexadecimal. It is unique for each issuer.', example: '4f2a' })
  serialNumber!: string;

  @ApiProperty({
    description: 'SHA-256 of the certificate, 64 hexadecimal digits; null if the certificate was never used here.',
    type: 'string',
    nullable: true,
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  fingerprint!: string | null;

  @ApiProperty({
    description: 'Subject, RFC 4514; null if the certificate was never used here.',
    type: 'string',
    nullable: true,
    example: 'CN=orders',
  })
  subject!: string | null;

  @ApiProperty({ description: 'Expiry time of the certificate.', type: 'string', format: 'date-time', nullable: true })
  notAfter!: string | null;

  @ApiProperty({
    description: 'Time of its first use here; null: never.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  firstUsedAt!: string | null;

  @ApiProperty({
    description: 'Time of its revocation here; null: it is not revoked.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  revokedAt!: string | null;

  static of({ anchor, issuer, serialNumber, fingerprint, subject, ...row }: CertificateEntity): CertificateReply {
    const [notAfter, firstUsedAt, revokedAt] = [row.notAfter, row.firstUsedAt, row.revokedAt].map(
      (instant) => instant?.toISOString() ?? null,
    ) as [string | null, string | null, string | null];
    return { anchor, issuer, serialNumber, fingerprint, subject, notAfter, firstUsedAt, revokedAt };
  }
}

export class CertificatesReply {
  @ApiProperty({ description: 'The most recent first.', type: [CertificateReply] })
  certificates!: CertificateReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

export class CertificateNameReply {
  @ApiProperty({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10' })
  id!: string;

  @ApiProperty({ description: 'Trust anchor to which the name is limited.', example: 'default' })
  anchor!: string;

  @ApiProperty({ description: 'Part of the certificate that contains the name.', enum: NAME_KINDS, example: 'spiffe' })
  kind!: NameKind;

  @ApiProperty({ description: 'Name, in the form in which it is compared.', example: 'spiffe://example.org/orders' })
  value!: string;

  @ApiProperty({
    description: 'Scopes that certificates with this name have.',
    type: [String],
    example: ['orders:read'],
  })
  scopes!: string[];

  @ApiProperty({ description: 'Time at which the name was added.', type: 'string', format: 'date-time' })
  createdAt!: string;

  static of({ id, anchor, kind, value, scopes, createdAt }: CertificateNameEntity): CertificateNameReply {
    return { id, anchor, kind, value, scopes, createdAt: createdAt.toISOString() };
  }
}

export class CertificateNamesReply {
  @ApiProperty({ description: 'The most recent first.', type: [CertificateNameReply] })
  certificateNames!: CertificateNameReply[];
}
