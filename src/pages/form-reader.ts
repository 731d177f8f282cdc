import { Injectable, type Type } from '@nestjs/common';
import type { AuthError } from '../kernel/auth-error.js';
import { Catalogue } from '../languages/catalogue.js';
import { PageValidationPipe } from './page-validation.pipe.js';

/** Why a field will not do: `rule` has a word `rule.<rule>`, in which `{limit}` is the number. */
export interface BrokenRule {
  readonly rule: string;
  readonly limit: number;
}

/** For handlers that show what is wrong beside the field: a form that a `@Body()` refuses never reaches them. */
@Injectable()
export class FormReader {
  constructor(
    private readonly pipe: PageValidationPipe,
    private readonly catalogue: Catalogue,
  ) {}

  /** The form as a request class, validated as a `@Body()` is. @throws AuthError `validation_failed` */
  read<T extends object>(dto: Type<T>, body: unknown): Promise<T> {
    return this.pipe.transform(body, { type: 'body', metatype: dto }) as Promise<T>;
  }

  /** The rule that a field has broken; null: none. */
  brokenRule({ errors = [] }: AuthError, field: string): BrokenRule | null {
    const broken = errors.find((one) => one.field === field);
    if (!broken) return null;
    const limit = Number(/\d+/.exec(broken.message.slice(field.length))?.[0] ?? 0);
    return { rule: this.catalogue.has(`rule.${broken.rule}`) ? broken.rule : 'other', limit };
  }
}
