import { ApiProperty } from '@nestjs/swagger';
import type { ImportReport, RefusedRow } from './user-import.service.js';

class RefusedRowReply implements RefusedRow {
  @ApiProperty({ description: 'Position of the user in the list, starting at 0.', type: 'integer', example: 3 })
  index!: number;

  @ApiProperty({
    description: 'Reason.',
    type: 'string',
    enum: [
      'not_an_address',
      'unknown_hash',
      'fields_refused',
      'unknown_language',
      'mailbox_refused',
      'factor_refused',
      'username_refused',
      'taken',
    ],
    example: 'taken',
  })
  reason!: RefusedRow['reason'];
}

/** The result of an import. */
export class ImportReply implements ImportReport {
  @ApiProperty({ description: 'Number of users imported.', type: 'integer', example: 499 })
  imported!: number;

  @ApiProperty({ description: 'Users that were not imported.', type: [RefusedRowReply] })
  refused!: readonly RefusedRowReply[];
}
