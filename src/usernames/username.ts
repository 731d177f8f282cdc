import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';

/** 3 to 32 letters, digits and single `.`, `_` or `-` between them. Never an `@`: no username looks like an address. */
const USERNAME = /^(?=.{3,32}$)[a-z0-9]+([._-][a-z0-9]+)*$/;

/**
 * The one canonical form of a username, by which it is unique: lower-case ASCII; null for what is none. Of Unicode nothing is taken, so that
 * no two names look alike, and normalization has nothing left to do.
 */
export function canonicalUsername(text: unknown): string | null {
  if (typeof text !== 'string' || /[^ -~]/.test(text)) return null;
  const canonical = text.toLowerCase();
  return USERNAME.test(canonical) ? canonical : null;
}

/** Names that would pass for those who run the site, or for part of an address. */
export const RESERVED_USERNAMES: ReadonlySet<string> = new Set([
  ...['abuse', 'account', 'admin', 'administrator', 'anonymous', 'api', 'auth', 'billing', 'bot', 'contact', 'guest'],
  ...['help', 'helpdesk', 'hostmaster', 'info', 'login', 'mail', 'mailer-daemon', 'moderator', 'news', 'no-reply'],
  ...['nobody', 'noc', 'noreply', 'null', 'official', 'operator', 'owner', 'postmaster', 'privacy', 'register'],
  ...['root', 'sales', 'security', 'service', 'signin', 'signup', 'staff', 'support', 'sysadmin', 'system', 'team'],
  ...['undefined', 'user', 'username', 'webmaster', 'www'],
]);

/** Described in the OpenAPI document. */
export const IsUsername = (described: { readonly description: string; readonly isOptional?: boolean }) =>
  applyDecorators(
    ApiProperty({
      description: described.description,
      required: !described.isOptional,
      minLength: 3,
      maxLength: 32,
      example: 'ada.king',
    }),
    ValidateBy({
      name: 'isUsername',
      validator: {
        validate: (value) => canonicalUsername(value) !== null,
        defaultMessage: () =>
          '$property must have 3 to 32 letters or digits (a-z, 0-9), with single dots, hyphens or underscores between them',
      },
    }),
  );
