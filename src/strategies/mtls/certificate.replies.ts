import { Field } from '../../http/api-docs.js';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { CertificateEntity } from './certificate.entity.js';
import type { CertificateNameEntity } from './certificate-name.entity.js';
import { NAME_KINDS, type NameKind } from './certificate-names.js';

export class CertificateReply {
  @Field({ description: 'SHA-256 of the certificate, 64 hexadecimal digits.' })
  fingerprint!: string;

  @Field({ description: 'Which anchor vouches for it.', type: 'string', nullable: true, example: 'default' })
  anchor!: string | null;

  @Field({
    description: 'RFC 4514; null when it was never used here.',
    type: 'string',
    nullable: true,
    example: 'CN=orders',
  })
  subject!: string | null;

  @Field({ description: 'Hexadecimal.', type: 'string', nullable: true, example: '4f2a' })
  serialNumber!: string | null;

  @Field({ description: 'When it runs out.', type: 'string', format: 'date-time', nullable: true })
  notAfter!: string | null;

  @Field({
    description: 'When it was first used here; null: never.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  firstUsedAt!: string | null;

  @Field({
    description: 'When it was revoked here; null: it was not.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  revokedAt!: string | null;

  static of({ fingerprint, anchor, subject, serialNumber, ...row }: CertificateEntity): CertificateReply {
    const [notAfter, firstUsedAt, revokedAt] = [row.notAfter, row.firstUsedAt, row.revokedAt].map(
      (instant) => instant?.toISOString() ?? null,
    ) as [string | null, string | null, string | null];
    return { fingerprint, anchor, subject, serialNumber, notAfter, firstUsedAt, revokedAt };
  }
}

export class CertificatesReply {
  @Field({ description: 'The latest first.', type: [CertificateReply] })
  certificates!: CertificateReply[];

  @Field(NEXT_CURSOR)
  nextCursor!: string | null;
}

export class CertificateNameReply {
  @Field({ description: 'UUIDv7.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10' })
  id!: string;

  @Field({ description: 'The anchor within which it counts.', example: 'default' })
  anchor!: string;

  @Field({ description: 'Where in the certificate it stands.', enum: NAME_KINDS, example: 'spiffe' })
  kind!: NameKind;

  @Field({ description: 'In the form in which it is compared.', example: 'spiffe://example.org/orders' })
  value!: string;

  @Field({ description: 'What it may do.', type: ['string'], example: ['orders:read'] })
  scopes!: string[];

  @Field({ description: 'Since when.', type: 'string', format: 'date-time' })
  createdAt!: string;

  static of({ id, anchor, kind, value, scopes, createdAt }: CertificateNameEntity): CertificateNameReply {
    return { id, anchor, kind, value, scopes, createdAt: createdAt.toISOString() };
  }
}

export class CertificateNamesReply {
  @Field({ description: 'The latest first.', type: [CertificateNameReply] })
  certificateNames!: CertificateNameReply[];
}
