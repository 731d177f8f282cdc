import { Field } from '../../../http/api-docs.js';
import type { ImportReport, RefusedRow } from './user-import.service.js';

class RefusedRowReply implements RefusedRow {
  @Field({ description: 'The place of the user in the list, from 0.', type: 'integer', example: 3 })
  index!: number;

  @Field({ description: 'Why.', type: 'string', enum: ['not_an_address', 'unknown_hash', 'taken'], example: 'taken' })
  reason!: RefusedRow['reason'];
}

/** What became of a list of users. */
export class ImportReply implements ImportReport {
  @Field({ description: 'How many are users now.', type: 'integer', example: 499 })
  imported!: number;

  @Field({ description: 'Those left out.', type: [RefusedRowReply] })
  refused!: readonly RefusedRowReply[];
}
