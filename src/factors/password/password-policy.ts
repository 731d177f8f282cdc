import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { AuthError, type FieldError } from '../../kernel/auth-error.js';
import { BreachCheck } from './breached/breach-check.js';
import { commonPasswords } from './common-passwords.js';
import { isMadeOf, isVariantOf } from './password-likeness.js';
import { passwordOptions } from './password-options.js';
import { normalizedPassword } from './password-text.js';

/** Whose password it is to be. */
export interface PasswordOwner {
  /** Null: a user who cannot have a password. */
  readonly email: string | null;
  readonly name: string | null;
}

const PRODUCT = 'coatcheck';
/** Lone surrogates become U+FFFD in UTF-8, so that two passwords would be one; NUL ends a text elsewhere. */
const ILL_FORMED = /[\p{Cs}\0]/u;
/** The greatest that `passwordMaxLength` can be, in UTF-16 units. */
const LONGEST_EVER = 2 * 1024;

/** Whether a text could be a password; nothing else is ever hashed. */
export function canBePassword(text: string): boolean {
  return text.length <= LONGEST_EVER && !ILL_FORMED.test(text);
}

/** Decides which passwords may be chosen. No composition rules (NIST SP 800-63B-4 §3.1.1). */
@Injectable()
export class PasswordPolicy {
  private readonly min: number;
  private readonly max: number;

  constructor(
    private readonly breaches: BreachCheck,
    options: Options,
  ) {
    const { passwordMinLength, passwordMaxLength } = options.of(passwordOptions);
    this.min = passwordMinLength;
    this.max = passwordMaxLength;
  }

  /** @throws AuthError `validation_failed` naming `field` and the violated rule */
  async assertAcceptable(text: string, owner: PasswordOwner, field = 'password'): Promise<void> {
    const violation = this.textViolation(text) ?? (await this.violationOf(normalizedPassword(text), owner));
    if (!violation) return;
    const errors: FieldError[] = [{ field, rule: violation.rule, message: `${field} ${violation.message}` }];
    throw new AuthError('validation_failed', { reason: `password_${violation.rule}`, errors });
  }

  /** Before anything looks at each character, or normalizes them. */
  private textViolation(text: string): Violation | null {
    if (text.length > LONGEST_EVER) return this.tooLong;
    if (ILL_FORMED.test(text))
      return { rule: 'wellFormed', message: 'must be well-formed text without NUL characters' };
    // As typed too: one character may become eighteen, and is one guess all the same.
    return [...text].length < this.min ? this.tooShort : null;
  }

  private async violationOf(password: string, owner: PasswordOwner): Promise<Violation | null> {
    const known = this.lengthViolation(password) ?? (await likenessViolation(password, owner));
    if (known || !(await this.breaches.isBreached(password))) return known;
    return { rule: 'breached', message: 'is known from a data breach; choose another one' };
  }

  private get tooLong(): Violation {
    return { rule: 'tooLong', message: `must have at most ${this.max} characters` };
  }

  private get tooShort(): Violation {
    return { rule: 'tooShort', message: `must have at least ${this.min} characters` };
  }

  private lengthViolation(password: string): Violation | null {
    const length = [...password].length;
    if (length > this.max) return this.tooLong;
    return length < this.min ? this.tooShort : null;
  }
}

interface Violation {
  readonly rule: string;
  readonly message: string;
}

async function likenessViolation(password: string, owner: PasswordOwner): Promise<Violation | null> {
  if (isMadeOf(wordsOf(owner), password)) {
    return {
      rule: 'personal',
      message: 'must not consist of your name, your e-mail address or the name of this service',
    };
  }
  if (isVariantOf(await commonPasswords(), password)) {
    return { rule: 'tooCommon', message: 'is one of the most common passwords and easy to guess' };
  }
  return null;
}

/** Each as a whole and in its parts. The top-level domain is no word of the user's. */
function wordsOf({ email: address, name }: PasswordOwner): string[] {
  const email = address ?? '';
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const domain = email.slice(at + 1).split('.');
  const hosts = domain.length > 1 ? domain.slice(0, -1) : domain;
  return [
    PRODUCT,
    email,
    local,
    ...local.split(/[^a-z]+/),
    ...hosts,
    name ?? '',
    ...(name ?? '').split(/[^\p{L}\p{N}]+/u),
  ];
}
