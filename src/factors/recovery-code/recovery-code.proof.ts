import { IsString, MaxLength } from 'class-validator';

/** What proves a recovery code. */
export class RecoveryCodeProof {
  /** As written down; dashes, spaces and case do not count. */
  @IsString()
  @MaxLength(64)
  code!: string;
}
