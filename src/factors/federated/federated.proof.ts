import { IsString, IsUrl, Matches, MaxLength } from 'class-validator';

/** The answer of a provider: everything it says is looked up there, by the code in it. */
export class FederatedProof {
  /** The whole address that the browser was sent to, parameters included: as long as the provider makes it. */
  @IsUrl({ require_tld: false, require_protocol: true, validate_length: false })
  @MaxLength(16_000)
  callback!: string;

  /** Which connection's address it is. */
  @IsString()
  @Matches(/^[a-z0-9][a-z0-9-]{0,63}$/)
  slug!: string;
}
