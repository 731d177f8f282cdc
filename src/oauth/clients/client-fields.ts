import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { SCOPE } from '../../access/scope-policy.js';
import { MaxDepth } from '../../http/max-depth.decorator.js';

/** Absent is allowed, null is not. */
export const IfGiven = (field: string) => ValidateIf((request) => request[field] !== undefined);

/** Absent is allowed, and null: there is none. */
export const IfNamed = (field: string) =>
  ValidateIf((request) => request[field] !== undefined && request[field] !== null);

interface Described {
  readonly description: string;
  readonly example?: unknown;
}

/** URIs, or what stands for them: which ones are allowed, the service says. @param mayBeAll null is allowed: all */
export const AreUris = (field: string, described: Described, mayBeAll = false) =>
  applyDecorators(
    ApiProperty({ ...described, type: [String], required: false, ...(mayBeAll && { nullable: true }) }),
    MaxDepth(1),
    mayBeAll ? IfNamed(field) : IfGiven(field),
    IsArray(),
    ArrayMaxSize(50),
    ArrayUnique(),
    IsString({ each: true }),
    MaxLength(2_000, { each: true }),
  );

/** Names of scopes, each once; null: all. */
export const AreScopes = (described: Described) =>
  applyDecorators(
    ApiProperty({ ...described, type: [String], required: false, nullable: true }),
    MaxDepth(1),
    IfNamed('scopes'),
    IsArray(),
    ArrayMaxSize(200),
    ArrayUnique(),
    Matches(SCOPE, { each: true, message: 'each scope must have 1 to 64 characters of A-Z a-z 0-9 : . _ / -' }),
  );

/** A text that may be taken away by null. */
export const IsRemovableText = (field: string, most: number, described: Described) =>
  applyDecorators(
    ApiProperty({ ...described, type: 'string', nullable: true, required: false, maxLength: most }),
    IfNamed(field),
    IsString(),
    MaxLength(most),
  );

/** Yes or no; absent is allowed. */
export const IsFlag = (field: string, described: Described) =>
  applyDecorators(ApiProperty({ ...described, type: Boolean, required: false }), IfGiven(field), IsBoolean());
