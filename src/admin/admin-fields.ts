import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { MaxDepth } from '../http/max-depth.decorator.js';

/** PostgreSQL takes neither NUL nor half a character. */
const WELL_FORMED = /^[^\0\p{Cs}]*$/u;
const ILL_FORMED_MESSAGE = { message: '$property must be well-formed text without NUL characters' };
const ROLE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/;
const ROLE_MESSAGE = 'each role must have 1 to 64 characters of A-Z a-z 0-9 : . _ -';

/** Absent is allowed, null is not. */
export const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

/** A text that the database can keep, of at most so many characters. */
export const IsText = (maxLength: number) =>
  applyDecorators(IsString(), MaxLength(maxLength), Matches(WELL_FORMED, ILL_FORMED_MESSAGE));

/** What an admin calls a user; null: nothing. */
export const IsDisplayName = () =>
  applyDecorators(
    ApiProperty({ description: 'Display name.', type: 'string', nullable: true, required: false, maxLength: 100 }),
    IsOptional(),
    IsText(100),
  );

/** Whether an admin vouches for the mailbox. Absent is allowed. */
export const IsEmailVerified = (described: { readonly description: string; readonly example?: boolean }) =>
  applyDecorators(ApiProperty({ ...described, type: Boolean, required: false }), IfGiven('emailVerified'), IsBoolean());

/** Names of roles, each once. */
export const AreRoles = () =>
  applyDecorators(
    MaxDepth(1),
    IsArray(),
    ArrayMaxSize(50),
    ArrayUnique(),
    Matches(ROLE, { each: true, message: ROLE_MESSAGE }),
  );

/** What an admin says about it. Absent is allowed. */
export const IsReason = (described: { readonly description: string; readonly example: string }) =>
  applyDecorators(ApiProperty({ ...described, required: false, maxLength: 500 }), IfGiven('reason'), IsText(500));
