import { IsIn, IsOptional } from 'class-validator';
import { IsText } from '../../http/is-text.js';

/** The form beside each application. */
export class RevokeAppForm {
  @IsText(512)
  clientId!: string;

  /** Of the button. */
  @IsOptional()
  @IsIn(['yes'])
  revoke?: 'yes';
}
