import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JwtAlgorithm } from './signing-keys.js';

/** The table `signing_keys`. There is no public half in it: an attacker who can write the table could put another one there. */
@Entity({ schema: 'coatcheck', name: 'signing_keys', synchronize: false })
@Index('signing_keys_current_key', ['algorithm'], { unique: true, where: 'retired_at IS NULL' })
export class SigningKeyEntity {
  /** RFC 7638 thumbprint; random for a secret key. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column({ type: 'text' })
  algorithm!: JwtAlgorithm;

  /** The private or secret JWK as a compact JWE. */
  @Column({ name: 'private_jwk_encrypted', type: 'text' })
  privateJwkEncrypted!: string;

  @Column({ name: 'created_at', type: 'timestamp with time zone' })
  createdAt!: Date;

  /** Since when it signs no more. */
  @Column({ name: 'retired_at', type: 'timestamp with time zone', nullable: true })
  retiredAt!: Date | null;
}
