import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';

/** Names a webhook. */
export class DestinationRequest {
  @ApiProperty({ description: 'Name of the webhook.', example: 'siem' })
  // PostgreSQL takes no NUL in a text.
  @Matches(/^[^\p{Cc}\p{Cs}]+$/u, { message: 'destination must be the name of a webhook' })
  @IsString()
  @MaxLength(32)
  destination!: string;
}
