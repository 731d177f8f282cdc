import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength } from 'class-validator';

/** PostgreSQL takes neither NUL nor half a character. */
const WELL_FORMED = /^[^\0\p{Cs}]*$/u;
const ILL_FORMED_MESSAGE = { message: '$property must be well-formed text without NUL characters' };

/** A text that the database can keep, of at most so many characters. */
export const IsText = (maxLength: number) =>
  applyDecorators(IsString(), MaxLength(maxLength), Matches(WELL_FORMED, ILL_FORMED_MESSAGE));
