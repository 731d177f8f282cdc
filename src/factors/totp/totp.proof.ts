import { IsString, MaxLength } from 'class-validator';

/** What proves an authenticator app. */
export class TotpProof {
  /** What the app shows. */
  @IsString()
  @MaxLength(64)
  code!: string;
}
