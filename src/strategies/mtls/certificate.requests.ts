import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { SCOPE } from '../../access/scope-policy.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';
import { MAX_ISSUER_CHARACTERS } from './certificate.js';
import { NAME_KINDS, type NameKind } from './certificate-names.js';

export class ServiceParams {
  @ApiProperty({
    description: 'Id of the service user.',
    format: 'uuid',
    example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  })
  @IsUUID()
  id!: string;
}

export class RevokeCertificateRequest {
  @ApiProperty({ description: 'Trust anchor of the certificate, as named in the configuration.', example: 'default' })
  @IsString()
  @MaxLength(40)
  anchor!: string;

  @ApiProperty({
    description: 'Issuer of the certificate, as listed (RFC 4514): `openssl x509 -issuer -nameopt RFC2253`.',
    maxLength: MAX_ISSUER_CHARACTERS,
    example: 'CN=Example CA, O=Example',
  })
  @IsString()
  @MaxLength(MAX_ISSUER_CHARACTERS)
  issuer!: string;

  @ApiProperty({
    description:
      'Serial number of the certificate, as listed: hexadecimal, with or without colons; `openssl x509 -serial`.',
    maxLength: 100,
    example: '4f2a',
  })
  @IsString()
  @MaxLength(100)
  serialNumber!: string;
}

export class CertificateNameParams extends ServiceParams {
  @ApiProperty({ description: 'Id of the name.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10' })
  @IsUUID()
  nameId!: string;
}

export class CertificateNameRequest {
  @ApiProperty({
    description: 'Trust anchor to which the name is limited, as named in the configuration.',
    example: 'default',
  })
  @IsString()
  @MaxLength(40)
  anchor!: string;

  @ApiProperty({
    description:
      'Part of the certificate that contains the name: its SPIFFE id, a URI or DNS name among the alternative names, or the subject.',
    enum: NAME_KINDS,
    example: 'spiffe',
  })
  @IsIn(NAME_KINDS)
  kind!: NameKind;

  @ApiProperty({
    description: 'Name, compared as a whole. Write a subject as the list of certificates shows it (RFC 4514).',
    maxLength: 2048,
    example: 'spiffe://example.org/orders',
  })
  @IsString()
  @MaxLength(2048)
  value!: string;

  @ApiProperty({
    description: 'Scopes that certificates with this name have.',
    type: [String],
    example: ['orders:read'],
  })
  @MaxDepth(1)
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @Matches(SCOPE, { each: true, message: 'each of $property must be a scope' })
  scopes!: string[];
}
