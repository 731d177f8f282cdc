import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';

/** Names a client, as {@link OAuthClientParams}: also one that there is no more. */
export class NotifiedClientRequest {
  @ApiProperty({ description: 'Id of the client (`client_id`).', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  @Matches(/^[\x21-\x7e]+$/, { message: 'clientId must be the id of a client' })
  @IsString()
  @MaxLength(512)
  clientId!: string;
}
