import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { type AuthErrorCode, STATUS_OF_CODE } from '../kernel/auth-error.js';
import { referenceTo } from './own-schemas.js';
import { ProblemDetails } from './problem-details.js';

/** Metadata keys of `@nestjs/swagger`, which it does not export: routes are described whole, by {@link Describe}. A test compares them. */
export const SWAGGER_KEYS = {
  operation: 'swagger/apiOperation',
  response: 'swagger/apiResponse',
  security: 'swagger/apiSecurity',
  tags: 'swagger/apiUseTags',
  extraModels: 'swagger/apiExtraModels',
  exclude: 'swagger/apiExcludeController',
  schema: 'swagger/apiSchema',
  fields: 'swagger/apiModelPropertiesArray',
  field: 'swagger/apiModelProperties',
} as const;

/** Names of the OpenAPI security schemes; either one opens a route. */
export const SECURITY_SCHEMES = { session: 'sessionCookie', jwt: 'accessToken' } as const;

/** Those of machines; either one opens a route that says `@Scopes`. */
export const MACHINE_SCHEMES = {
  apiKey: 'apiKey',
  apiKeyBearer: 'apiKeyBearer',
  mtls: 'clientCertificate',
  oauth: 'clientAccessToken',
} as const;

/** Metadata of a handler, or of its controller, that machines may call: the scopes they need. */
export const SCOPES = 'coatcheck:scopes';

/** Metadata of a handler that {@link Describe} has described: what describes it anew. */
export const DESCRIBED = 'coatcheck:described';

/** Metadata of a handler that `@RateLimited` limits. */
export const RATE_LIMITED = 'coatcheck:rate-limited';

/** Errors of every unsafe route: any client can send it a body, from anywhere. */
const UNSAFE_ERRORS: AuthErrorCode[] = [
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
  'csrf_rejected',
];
/** `forbidden`: also for a machine's key, where the route is closed to it, and to sessions that are good for enrolling a factor only. */
const TICKET_ERRORS: AuthErrorCode[] = ['unauthenticated', 'token_expired', 'session_ended', 'forbidden'];

export interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  /** Successful answers by status; without a type they have no body, with several it is one of them. */
  readonly answers: Readonly<Record<number, { description: string; type?: Type | readonly Type[] }>>;
  /** The codes of its own; those any such route has (body, ticket, other site) are added. */
  readonly errors?: readonly AuthErrorCode[];
  /** Schemes that alone open it, of those that machines have. Absent: people's too. */
  readonly machinesOnly?: readonly (keyof typeof MACHINE_SCHEMES)[];
}

/** Describes a route. Stands above `@Get` and its like; the operation id is the handler's name. */
export function Describe(route: RouteDescription): MethodDecorator {
  return (_target, key, descriptor: PropertyDescriptor) => {
    const handler = descriptor.value;
    const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
    if (method === undefined) throw new TypeError(`@Describe of ${String(key)} must stand above its @Get, @Post ...`);
    Reflect.defineMetadata(DESCRIBED, () => describe(route, key, handler, method), handler);
    describe(route, key, handler, method);
  };
}

/** Called by decorators that say more of a handler, whichever order they stand in. One that is not described stays so. */
export function describeAnew(handler: object): void {
  const describeIt: (() => void) | undefined = Reflect.getMetadata(DESCRIBED, handler);
  describeIt?.();
}

function describe(route: RouteDescription, key: string | symbol, handler: object, method: RequestMethod): void {
  const isSafe = method === RequestMethod.GET;
  const isPublic = Reflect.getMetadata(SWAGGER_KEYS.security, handler) !== undefined;
  const codes = new Set<AuthErrorCode>([
    ...(route.errors ?? []),
    ...(isSafe ? [] : UNSAFE_ERRORS),
    ...(isPublic ? [] : TICKET_ERRORS),
    ...(Reflect.hasMetadata(SCOPES, handler) ? (['rate_limited'] as const) : []),
    ...(Reflect.hasMetadata(RATE_LIMITED, handler) ? (['rate_limited'] as const) : []),
    'unavailable',
  ]);
  const { summary, description, machinesOnly } = route;
  const scopes: readonly string[] | undefined = Reflect.getMetadata(SCOPES, handler);
  const alternatives = isPublic
    ? []
    : (machinesOnly?.map((one) => ({ [MACHINE_SCHEMES[one]]: scopes ?? [] })) ?? alternativesFor(scopes));
  const operation = { operationId: String(key), summary, description, security: alternatives };
  Reflect.defineMetadata(SWAGGER_KEYS.operation, operation, handler);
  Reflect.defineMetadata(SWAGGER_KEYS.response, { ...successes(route), ...problems([...codes]) }, handler);
  const alternativeTypes = Object.values(route.answers).flatMap(({ type }) => (Array.isArray(type) ? type : []));
  Reflect.defineMetadata(SWAGGER_KEYS.extraModels, [ProblemDetails, ...alternativeTypes], handler);
}

/** The tickets that open a route: a person's, and a machine's where it has `@Scopes`. */
export function alternativesFor(scopes: readonly string[] | undefined): Record<string, readonly string[]>[] {
  const people = Object.values(SECURITY_SCHEMES).map((scheme) => ({ [scheme]: [] }));
  const machines = Object.values(MACHINE_SCHEMES).map((scheme) => ({ [scheme]: scopes ?? [] }));
  return scopes ? [...people, ...machines] : people;
}

function successes({ answers }: RouteDescription): object {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, type }]) => {
      if (!Array.isArray(type)) return [status, { description, type, isArray: false }];
      const oneOf = type.map((one: Type) => ({ $ref: referenceTo(one) }));
      const schema = { oneOf, ...discriminatorOf(type) };
      return [status, { description, content: { 'application/json': { schema } } }];
    }),
  );
}

/** By the field `status`, where it has one value in each of them. */
function discriminatorOf(types: readonly Type[]): object {
  const values = types.map(({ prototype }) => {
    const { enum: all = [] }: { enum?: string[] } = Reflect.getMetadata(SWAGGER_KEYS.field, prototype, 'status') ?? {};
    return all.length === 1 ? all[0] : undefined;
  });
  if (values.includes(undefined) || new Set(values).size < values.length) return {};
  const mapping = Object.fromEntries(types.map((type, i) => [values[i], referenceTo(type)]));
  return { discriminator: { propertyName: 'status', mapping } };
}

/** Of errors, by status: as the API document has them. */
export function problems(codes: readonly AuthErrorCode[]): Record<string, object> {
  const byStatus = groupByStatus(codes);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/problem+json': {
            schema: { $ref: referenceTo(ProblemDetails) },
            examples: Object.fromEntries(group.map((code) => [code, { value: ProblemDetails.example(code) }])),
          },
        },
      },
    ]),
  );
}

function groupByStatus(codes: readonly AuthErrorCode[]): Map<number, AuthErrorCode[]> {
  const byStatus = new Map<number, AuthErrorCode[]>();
  for (const code of codes) {
    const status = STATUS_OF_CODE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}
