import { IsString } from 'class-validator';
import { IsEmailAddress } from '../../users/is-email-address.js';

/** The proof of a password. */
export class PasswordProof {
  /** As typed. */
  @IsEmailAddress()
  email!: string;

  @IsString()
  password!: string;
}
