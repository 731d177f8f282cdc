import { ApiProperty } from '@nestjs/swagger';
import { IsUUID, MinLength } from 'class-validator';
import { IsText } from '../../http/is-text.js';

export class GrantParams {
  @ApiProperty({
    description: 'Id of the grant, as listed.',
    format: 'uuid',
    example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  })
  @IsUUID()
  id!: string;
}

export class ConsentParams {
  @ApiProperty({
    description: 'Id of the client, as listed.',
    minLength: 1,
    maxLength: 512,
    example: '01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a',
  })
  @MinLength(1)
  @IsText(512)
  clientId!: string;
}

export class GrantingUserParams {
  @ApiProperty({ description: 'Id of the user.', format: 'uuid', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @IsUUID()
  id!: string;
}
