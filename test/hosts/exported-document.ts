import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { TestReply } from '../../src/testing/index.js';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
type Json = any;

export interface DocumentedOperation {
  /** As in the document, e.g. `/auth/sessions/{id}`. */
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly isPublic: boolean;
  /** Made of the examples; undefined: it takes none. */
  readonly body: unknown;
}

/** The document that the package exports as `coatcheck/openapi.json`. */
export class ExportedDocument {
  readonly json: Json = JSON.parse(readFileSync(resolve(__dirname, '../../dist/openapi.json'), 'utf8'));
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor() {
    formats.default(this.ajv);
    this.ajv.addSchema({ $id: 'document', components: this.json.components });
  }

  operations(): DocumentedOperation[] {
    return Object.entries<Json>(this.json.paths).flatMap(([path, item]) =>
      Object.entries<Json>(item).map(([method, { operationId, security, requestBody }]) => ({
        path,
        method: method.toUpperCase(),
        operationId,
        isPublic: security.length === 0,
        body:
          requestBody?.content['application/json'] && this.exampleOf(requestBody.content['application/json'].schema),
      })),
    );
  }

  /** What of a reply the document does not say; empty: nothing. */
  contradictions({ path, method }: DocumentedOperation, { status, headers, text, body }: TestReply): string[] {
    const response = this.json.paths[path][method.toLowerCase()].responses[status];
    if (!response) return [`${status} is not documented: ${text.slice(0, 300)}`];
    const [type] = (headers.get('content-type') ?? '').split(';');
    const content = response.content as Record<string, { schema: object }> | undefined;
    if (!content) return text === '' || type === 'text/html' ? [] : [`a body where none is: ${text.slice(0, 100)}`];
    const documented = content[type!];
    if (!documented) return [`the type ${type} is not documented: ${text.slice(0, 300)}`];
    if (!/json/.test(type!)) return [];
    const validate = this.validatorOf(documented.schema);
    return validate(body) ? [] : [`${this.ajv.errorsText(validate.errors)}: ${text.slice(0, 300)}`];
  }

  private validatorOf(schema: object): ValidateFunction {
    const key = JSON.stringify(schema).replaceAll('#/components', 'document#/components');
    const known = this.validators.get(key) ?? this.ajv.compile(JSON.parse(key));
    this.validators.set(key, known);
    return known;
  }

  private exampleOf(schema: Json): unknown {
    if (schema.$ref) return this.exampleOf(this.json.components.schemas[schema.$ref.split('/').at(-1)]);
    if (schema.example !== undefined) return schema.example;
    if (schema.examples !== undefined) return schema.examples[0];
    if (schema.default !== undefined) return schema.default;
    if (schema.enum) return schema.enum[0];
    if (schema.oneOf ?? schema.allOf) return this.exampleOf((schema.oneOf ?? schema.allOf)[0]);
    if (schema.type === 'array') return [this.exampleOf(schema.items)];
    if (schema.type === 'object') {
      const entries = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
      return Object.fromEntries(entries.map(([name, property]) => [name, this.exampleOf(property)]));
    }
    return { integer: 1, number: 1, boolean: true }[schema.type as string] ?? 'text';
  }
}
