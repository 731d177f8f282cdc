import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, Matches, ValidateIf } from 'class-validator';
import { IsText } from '../http/is-text.js';
import { MaxDepth } from '../http/max-depth.decorator.js';

const ROLE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/;
const ROLE_MESSAGE = 'each role must have 1 to 64 characters of A-Z a-z 0-9 : . _ -';

/** Absent is allowed, null is not. */
export const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

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

/** The admin's reason. Optional. */
export const IsReason = (described: { readonly description: string; readonly example: string }) =>
  applyDecorators(ApiProperty({ ...described, required: false, maxLength: 500 }), IfGiven('reason'), IsText(500));
