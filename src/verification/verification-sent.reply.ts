import { ApiProperty } from '@nestjs/swagger';

/** The answer that tells nothing: what is true of the address stands in its mailbox. */
export class VerificationSentReply {
  @ApiProperty({ description: 'Check the mailbox.', enum: ['verification_sent'], example: 'verification_sent' })
  status!: 'verification_sent';
}
