import { IsString, MaxLength } from 'class-validator';

/** The proof of an authenticator app. */
export class TotpProof {
  /** The code shown by the app. */
  @IsString()
  @MaxLength(64)
  code!: string;
}
