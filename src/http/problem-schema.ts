import { STATUS_OF_CODE } from '../kernel/auth-error.js';
import { Field } from './api-docs.js';
import { ProblemDetails } from './problem-details.js';

class ProblemField {
  @Field({ description: 'Dotted path of the refused field.', example: 'email' })
  field!: string;

  @Field({ description: 'Name of the violated rule.', example: 'isEmailAddress' })
  rule!: string;

  @Field({ description: 'For a person.', example: 'email must be an e-mail address' })
  message!: string;
}

class StepUpField {
  @Field({ description: 'How old the newest proof may be, in seconds.', type: 'integer', example: 300 })
  maxAgeSeconds!: number;

  @Field({ description: 'What must be among the proofs, RFC 8176.', type: ['string'], example: ['pwd'] })
  amr!: readonly string[];
}

function describeProblem(): void {
  const describe = (key: keyof ProblemDetails, schema: Parameters<typeof Field>[0]) =>
    Field(schema)(ProblemDetails.prototype, key);
  describe('type', {
    type: 'string',
    description: 'Stable URN of the code.',
    example: 'urn:coatcheck:problem:unauthenticated',
  });
  describe('title', { type: 'string', description: 'For a person.', example: 'Not logged in' });
  describe('status', { type: 'integer', description: 'The HTTP status.', example: 401 });
  describe('code', { type: 'string', description: 'The contract: act on this.', enum: Object.keys(STATUS_OF_CODE) });
  describe('detail', { type: 'string', description: 'For a person.', example: 'This route needs a valid ticket.' });
  describe('requestId', { type: 'string', description: 'As in X-Request-Id and in the log.' });
  describe('errors', { type: [ProblemField], description: 'With validation_failed.', optional: true });
  describe('stepUp', { type: StepUpField, description: 'With step_up_required.', optional: true });
}

// A decorator cannot be used in `problem-details.ts` itself: `api-docs.ts` imports it.
describeProblem();
