import { IsString, MaxLength } from 'class-validator';

/** The proof of a recovery code. */
export class RecoveryCodeProof {
  /** As written down; dashes, spaces and case do not count. */
  @IsString()
  @MaxLength(64)
  code!: string;
}
