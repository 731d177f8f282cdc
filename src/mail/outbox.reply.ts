import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

export class OutboxMailParams {
  @ApiProperty({ description: 'Id of the e-mail.', format: 'uuid' })
  @IsUUID()
  id!: string;
}

class OutboxMailReply {
  @ApiProperty({ description: 'Random UUID.', format: 'uuid', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11' })
  id!: string;

  @ApiProperty({ description: 'Recipient.', format: 'email', example: 'ada@example.com' })
  to!: string;

  @ApiProperty({ description: 'Sender.', example: 'no-reply@example.com' })
  from!: string;

  @ApiProperty({ description: 'Subject.', example: 'Verify your e-mail address' })
  subject!: string;

  @ApiProperty({ description: 'Body as plain text.' })
  text!: string;

  @ApiProperty({ description: 'Body as HTML.' })
  html!: string;

  @ApiProperty({ description: 'Header fields, with names in lower case.', type: Object })
  headers!: Readonly<Record<string, string>>;

  @ApiProperty({ description: 'The complete MIME message.' })
  raw!: string;

  @ApiProperty({
    description: 'RFC 3339, UTC.',
    type: 'string',
    format: 'date-time',
    example: '2026-11-21T09:00:00.000Z',
  })
  sentAt!: Date;
}

/** Everything in the outbox. */
export class OutboxReply {
  @ApiProperty({ description: 'The newest first.', type: [OutboxMailReply] })
  mails!: readonly OutboxMailReply[];
}
