import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

export class AdminSessionParams {
  @ApiProperty({ description: 'Id of the session.', format: 'uuid', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11' })
  @IsUUID()
  id!: string;
}
