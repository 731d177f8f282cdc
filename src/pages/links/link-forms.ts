import { IsString } from 'class-validator';

/** The form of a mailed link. */
export class LinkForm {
  @IsString()
  token!: string;
}

/** One in which a password is chosen. */
export class PasswordLinkForm extends LinkForm {
  @IsString()
  password!: string;
}
