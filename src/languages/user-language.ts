import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { AuthError } from '../kernel/auth-error.js';
import type { Catalogue } from './catalogue.js';

const DESCRIBED = { type: 'string', nullable: true, required: false, maxLength: 35, example: 'de' } as const;

/** The language that a user chooses; null: none. Which there are, {@link assertLanguage} knows. */
export const IsUserLanguage = () =>
  applyDecorators(
    ApiProperty({
      description:
        'Language of pages and e-mails: one of those that the service has (`PAGES_LANGUAGES`). Null: the one that the browser asks for.',
      ...DESCRIBED,
    }),
    IsOptional(),
    IsString(),
    MaxLength(35),
  );

/** @throws AuthError `validation_failed` for a language that there are no words in */
export function assertLanguage(language: string | null | undefined, { languages }: Catalogue): void {
  if (language === null || language === undefined || languages.includes(language)) return;
  const message = `language must be one of: ${languages.join(', ')}`;
  const errors = [{ field: 'language', rule: 'isIn', message }];
  throw new AuthError('validation_failed', { reason: 'unknown_language', errors });
}
