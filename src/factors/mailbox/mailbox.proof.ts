import { IsString, MaxLength, ValidateIf } from 'class-validator';

/** What was mailed: the code, of the request that asked for it; or the token of the link. */
export class MailboxProof {
  /** Of the client that asked. */
  @ValidateIf(({ requestToken }) => requestToken !== undefined)
  @IsString()
  @MaxLength(4096)
  requestToken?: string;

  @ValidateIf(({ code, token }) => code !== undefined || token === undefined)
  @IsString()
  @MaxLength(64)
  code?: string;

  @ValidateIf(({ token }) => token !== undefined)
  @IsString()
  @MaxLength(256)
  token?: string;

  /** Of a link that another client opens than the one that asked: the address that it was mailed to. */
  @ValidateIf(({ email }) => email !== undefined)
  @IsString()
  @MaxLength(254)
  email?: string;
}
