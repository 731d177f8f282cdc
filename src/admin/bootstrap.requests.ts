import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { IsEmailAddress } from '../users/is-email-address.js';

export class BootstrapRequest {
  @ApiProperty({
    description: 'Token that the service printed at its first start, or the value of `BOOTSTRAP_TOKEN`.',
    format: 'password',
  })
  @IsString()
  token!: string;

  @ApiProperty({ description: 'E-mail address of the first admin.', format: 'email', example: 'ada@example.com' })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({ description: 'Password of the first admin.', format: 'password', example: 'an engine weaves algebra' })
  @IsString()
  password!: string;
}
