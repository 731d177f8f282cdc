import { Inject, Injectable, type Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { DeclaredFields, type FieldsPurpose } from '../http/body-fields.js';
import { REGISTRATION_FIELDS } from './declared-user-fields.js';

/** A declared field, as a form asks for it. */
export interface FormField {
  readonly name: string;
  readonly type: 'text' | 'number' | 'checkbox' | 'choice';
  readonly isRequired: boolean;
  /** Of a choice. */
  readonly choices: readonly string[];
}

/** The declared fields of a user, in forms: which there are, and what of a form they are in JSON. */
@Injectable()
export class DeclaredFormFields {
  constructor(
    @Inject(REGISTRATION_FIELDS) private readonly dto: Type | null,
    private readonly declared: DeclaredFields,
  ) {}

  /** Those of a registration. */
  get fields(): readonly FormField[] {
    return this.fieldsFor('registration');
  }

  /** Those of this purpose. A list or an object has no place in a form. */
  fieldsFor(purpose: FieldsPurpose): readonly FormField[] {
    const { dto } = this;
    if (!dto) return [];
    return [...this.declared.namesFor(purpose)].flatMap((name) => {
      const type = typeOf(dto, name);
      return type === null ? [] : [{ name, type, isRequired: !isOptional(dto, name), choices: choicesOf(dto, name) }];
    });
  }

  /** A form in which these fields are as the JSON route takes them: forms have nothing but texts. In a change, an empty one takes the value away. */
  converted(form: Readonly<Record<string, unknown>>, purpose: FieldsPurpose = 'registration'): Record<string, unknown> {
    const converted: Record<string, unknown> = { ...form };
    for (const { name, type, isRequired } of this.fieldsFor(purpose)) {
      const value = form[name];
      if (type === 'checkbox') converted[name] = value === 'on';
      else if (value === '' && purpose === 'own-change') converted[name] = null;
      else if (value === '' && !isRequired) delete converted[name];
      else if (type === 'number' && typeof value === 'string' && value.trim() !== '') converted[name] = Number(value);
    }
    return converted;
  }
}

const TYPES = new Map<unknown, FormField['type']>([
  [String, 'text'],
  [Number, 'number'],
  [Boolean, 'checkbox'],
]);

function typeOf(dto: Type, name: string): FormField['type'] | null {
  if (choicesOf(dto, name).length > 0) return 'choice';
  return TYPES.get(Reflect.getMetadata('design:type', dto.prototype, name)) ?? null;
}

function rulesOf(dto: Type, name: string) {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return rules.filter(({ propertyName }) => propertyName === name);
}

function isOptional(dto: Type, name: string): boolean {
  return rulesOf(dto, name).some(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION);
}

/** Of `@IsIn([...])`. */
function choicesOf(dto: Type, name: string): string[] {
  const [choices] = rulesOf(dto, name).find((rule) => rule.name === 'isIn')?.constraints ?? [];
  return Array.isArray(choices) ? choices.filter((choice) => typeof choice === 'string') : [];
}
