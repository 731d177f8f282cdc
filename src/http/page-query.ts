import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, ValidateIf } from 'class-validator';

/** The query parameters of every list. */
export class PageQuery {
  @ApiProperty({
    description: '`nextCursor` of the previous page. Absent: the first page.',
    required: false,
    maxLength: 64,
  })
  @ValidateIf((query: PageQuery) => query.cursor !== undefined)
  @IsString()
  @MaxLength(64)
  cursor?: string;

  @ApiProperty({
    description: 'Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50.',
    type: 'string',
    required: false,
    example: '50',
  })
  @ValidateIf((query: PageQuery) => query.limit !== undefined)
  @Matches(/^([1-9]\d?|100)$/, { message: '$property must be a whole number from 1 to 100' })
  limit?: string;
}

/** Where the next page begins, in a reply. */
export const NEXT_CURSOR = {
  description: 'Cursor of the next page; null on the last page.',
  type: 'string',
  nullable: true,
  example: null,
} as const;

const OF_ALL_USERS = 50;
const OF_ONE_USER = 100;

/** Lines on a page: what was asked for, checked already. */
export function pageSize(limit: string | undefined): number {
  return limit === undefined ? OF_ALL_USERS : Number(limit);
}

/** Lines on a page of what one user has: as many as most ever have. */
export function ownPageSize(limit: string | undefined): number {
  return limit === undefined ? OF_ONE_USER : Number(limit);
}
