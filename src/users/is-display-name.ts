import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsText } from '../http/is-text.js';

/** The display name of a user; absent or null: none. Described in the OpenAPI document. */
export const IsDisplayName = (described: { readonly description?: string; readonly example?: string } = {}) =>
  applyDecorators(
    ApiProperty({
      description: 'Display name.',
      type: 'string',
      nullable: true,
      required: false,
      maxLength: 100,
      ...described,
    }),
    IsOptional(),
    IsText(100),
  );
