import { Field } from '../http/api-docs.js';

class OutboxMailReply {
  @Field({ description: 'Random UUID.', format: 'uuid', example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11' })
  id!: string;

  @Field({ description: 'The one receiver.', format: 'email', example: 'ada@example.com' })
  to!: string;

  @Field({ description: 'The sender.', example: 'no-reply@example.com' })
  from!: string;

  @Field({ description: 'The subject.', example: 'Verify your e-mail address' })
  subject!: string;

  @Field({ description: 'The mail as plain text.' })
  text!: string;

  @Field({ description: 'The mail as HTML.' })
  html!: string;

  @Field({ description: 'Header fields by lower-case name.', type: 'object' })
  headers!: Readonly<Record<string, string>>;

  @Field({ description: 'The whole MIME message.' })
  raw!: string;

  @Field({ description: 'RFC 3339, UTC.', type: 'string', format: 'date-time', example: '2026-11-21T09:00:00.000Z' })
  sentAt!: Date;
}

/** Everything in the outbox. */
export class OutboxReply {
  @Field({ description: 'The newest first.', type: [OutboxMailReply] })
  mails!: readonly OutboxMailReply[];
}
