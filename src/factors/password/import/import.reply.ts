import { ApiProperty } from '@nestjs/swagger';
import type { ImportReport, RefusedRow } from './user-import.service.js';

class RefusedRowReply implements RefusedRow {
  @ApiProperty({ description: 'The place of the user in the list, from 0.', type: 'integer', example: 3 })
  index!: number;

  @ApiProperty({
    description: 'Why.',
    type: 'string',
    enum: ['not_an_address', 'unknown_hash', 'taken'],
    example: 'taken',
  })
  reason!: RefusedRow['reason'];
}

/** What became of a list of users. */
export class ImportReply implements ImportReport {
  @ApiProperty({ description: 'How many are users now.', type: 'integer', example: 499 })
  imported!: number;

  @ApiProperty({ description: 'Those left out.', type: [RefusedRowReply] })
  refused!: readonly RefusedRowReply[];
}
