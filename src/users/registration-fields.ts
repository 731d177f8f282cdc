import type { Provider, Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { AnyOptionSection, ConfigurationProblem } from '../config/option-section.js';
import { classesWithDeclaredFields, type FieldsPurpose } from '../http/body-fields.js';
import { fieldNamesOf, REGISTRATION_FIELDS } from './declared-user-fields.js';
import { settingsOf } from './user-field.decorator.js';

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Names of our own properties in bodies and replies about a user, now or later; `captchaToken` is taken out of bodies before they are read. */
const RESERVED = new Set(
  `captchaToken id kind email emailVerified username name roles createdAt revision password passwordHash currentPassword newPassword token fields language
   status bannedAt bannedUntil banReason impersonatorId strategy transport deviceToken captcha invitation
   totpSecret constructor prototype toString valueOf hasOwnProperty`.split(/\s+/),
);

/** The metadata key under which `@nestjs/swagger` keeps a property; it does not export the key. */
const PROPERTY = 'swagger/apiModelProperties';
const PROPERTIES = 'swagger/apiModelPropertiesArray';

/** The properties that the last declaration of this process has described. */
const described: [prototype: object, field: string][] = [];

/** The option `registrationFields`: it is a class, so it has no place in the environment. */
export function registrationFieldsSection(dto: Type | undefined): AnyOptionSection {
  return { title: '', specs: {}, validate: () => (dto ? problemsOf(dto) : []) };
}

/** Makes the declared class known, and describes its fields in the OpenAPI document of this process. */
export function registrationFieldsProvider(dto: Type | undefined): Provider {
  if (dto && problemsOf(dto).length === 0) describe(dto);
  return { provide: REGISTRATION_FIELDS, useValue: dto ?? null };
}

function problemsOf(dto: Type): ConfigurationProblem[] {
  if (typeof dto !== 'function') {
    return [problem('is not a class', 'give a class whose properties have class-validator decorators')];
  }
  const names = fieldNamesOf(dto);
  if (names.length === 0) {
    return [problem('declares no field', 'give its properties class-validator decorators, e.g. @IsString()')];
  }
  const odd = names.filter((name) => !NAME.test(name) || RESERVED.has(name));
  if (odd.length === 0) return [];
  return [problem(`declares names that are taken or odd: ${odd.join(', ')}`, 'give these fields other names')];
}

function problem(what: string, remedy: string): ConfigurationProblem {
  return { option: 'registrationFields', problem: what, remedy };
}

function describe(dto: Type): void {
  forgetDescribed();
  for (const [target, purpose] of classesWithDeclaredFields()) {
    for (const field of fieldNamesOf(dto).filter((name) => isPartOf(dto, name, purpose))) {
      const given = Reflect.getMetadata(PROPERTY, dto.prototype, field);
      const shape = given ?? { type: Reflect.getMetadata('design:type', dto.prototype, field) ?? Object };
      const required = purpose === 'registration' && (given?.required ?? !isOptional(dto, field));
      ApiProperty({ description: 'Declared by the application.', ...shape, required })(target.prototype, field);
      described.push([target.prototype, field]);
    }
  }
}

/** The fields of another application of this process are none of this one's. */
function forgetDescribed(): void {
  for (const [prototype, field] of described.splice(0)) {
    Reflect.deleteMetadata(PROPERTY, prototype, field);
    const names: string[] = Reflect.getOwnMetadata(PROPERTIES, prototype) ?? [];
    Reflect.defineMetadata(
      PROPERTIES,
      names.filter((name) => name !== `:${field}`),
      prototype,
    );
  }
}

function isOptional(dto: Type, field: string): boolean {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return rules.some(
    ({ propertyName, type }) => propertyName === field && type === ValidationTypes.CONDITIONAL_VALIDATION,
  );
}

function isPartOf(dto: Type, field: string, purpose: FieldsPurpose): boolean {
  const { adminOnly, changeable } = settingsOf(dto, field);
  if (purpose === 'registration' || purpose === 'invitation') return !adminOnly;
  return purpose === 'own-change' ? changeable === true : true;
}
