import { IsString } from 'class-validator';
import { IsEmailAddress } from '../../users/is-email-address.js';

/** What proves a password. */
export class PasswordProof {
  /** As typed. */
  @IsEmailAddress()
  email!: string;

  @IsString()
  password!: string;
}
