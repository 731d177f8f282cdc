import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** What makes a name look like another text than it is: control characters, line breaks, and what turns the direction of the text around it. */
const MISLEADING = '\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
const PLAIN = new RegExp(`^[^${MISLEADING}]*$`, 'u');
const PLAIN_MESSAGE = {
  message: '$property must not contain control characters, line breaks or characters that change the direction of text',
};

/** A name that a person gives, in one line, of at most so many characters. */
export const IsName = (maxLength: number) =>
  applyDecorators(IsString(), MaxLength(maxLength), Matches(PLAIN, PLAIN_MESSAGE));

/** The display name of a user; absent or null: none. Described in the OpenAPI document. */
export const IsDisplayName = (described: { readonly description?: string; readonly example?: string } = {}) =>
  applyDecorators(
    ApiProperty({
      description:
        'Display name: one line, without control characters and characters that change the direction of text.',
      type: 'string',
      nullable: true,
      required: false,
      maxLength: 100,
      ...described,
    }),
    IsOptional(),
    IsName(100),
  );

/** A name that another system has taken: without what {@link IsName} refuses, and a space where a line ended. */
export function cleanedName(name: string): string {
  return name.replace(/[\t-\r\u2028\u2029]+/gu, ' ').replace(new RegExp(`[${MISLEADING}]`, 'gu'), '');
}
