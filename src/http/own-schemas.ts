import type { Type } from '@nestjs/common';
import { PARAMTYPES_METADATA } from '@nestjs/common/constants.js';

/** Before the names of our schemas in an application's own API document, so that none of its classes has the same. */
const PREFIX = 'Coatcheck';
/** Metadata keys of `@nestjs/swagger`, as in `SWAGGER_KEYS`. */
const SCHEMA = 'swagger/apiSchema';
const FIELDS = 'swagger/apiModelPropertiesArray';
const FIELD = 'swagger/apiModelProperties';
const RESPONSES = 'swagger/apiResponse';
const MODELS = 'swagger/apiExtraModels';

const REFERENCE = '#/components/schemas/';

/** Where the API document has the schema of a class. */
export function referenceTo(type: Type): string {
  const [{ name = type.name } = {}]: { name?: string }[] = Reflect.getOwnMetadata(SCHEMA, type) ?? [];
  return REFERENCE + name;
}

/** Names the schemas of all that these controllers take and return. @returns the handlers, whose descriptions refer to them */
export function nameOwnSchemas(controllers: readonly Type[]): object[] {
  const seen = new Set<unknown>();
  const handlers: object[] = [];
  for (const { prototype } of controllers) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (typeof handler !== 'function' || name === 'constructor') continue;
      handlers.push(handler);
      for (const type of Reflect.getMetadata(PARAMTYPES_METADATA, prototype, name) ?? []) nameSchema(type, seen);
      for (const type of Reflect.getMetadata(MODELS, handler) ?? []) nameSchema(type, seen);
      const responses: Record<string, { type?: unknown }> = Reflect.getMetadata(RESPONSES, handler) ?? {};
      for (const { type } of Object.values(responses)) nameSchema(type, seen);
    }
  }
  return handlers;
}

/** A document of ours alone has no need of the prefix. */
export function withoutPrefixes<T extends object>(document: T): T {
  const text = JSON.stringify(document, (key, value) =>
    key === 'schemas' && isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, schema]) => [plain(name), schema]))
      : value,
  );
  return JSON.parse(text.replaceAll(REFERENCE + PREFIX, REFERENCE));
}

function plain(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** And those of its fields. */
function nameSchema(given: unknown, seen: Set<unknown>): void {
  const type = classIn(given);
  if (type === undefined || seen.has(type)) return;
  seen.add(type);
  const fields: string[] | undefined = Reflect.getMetadata(FIELDS, type.prototype);
  if (fields === undefined) return;
  Reflect.defineMetadata(SCHEMA, [{ name: PREFIX + type.name }], type);
  for (const field of fields) {
    const described: { type?: unknown } | undefined = Reflect.getMetadata(FIELD, type.prototype, field.slice(1));
    nameSchema(described?.type, seen);
  }
}

/** `Type`, `[Type]`, or a function that gives either. */
function classIn(given: unknown): Type | undefined {
  const one: unknown = Array.isArray(given) ? given[0] : given;
  if (typeof one !== 'function') return undefined;
  return one.prototype === undefined ? classIn(one()) : (one as Type);
}
