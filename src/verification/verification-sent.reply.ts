import { Field } from '../http/api-docs.js';

/** The answer that tells nothing: what is true of the address stands in its mailbox. */
export class VerificationSentReply {
  @Field({ description: 'Look into the mailbox.', enum: ['verification_sent'], example: 'verification_sent' })
  status!: 'verification_sent';
}
