import { SCOPES } from '../http/api-docs.js';
import { PROTECTED_RESOURCE, type ResourceRule } from './resource-rule.js';
import { Scopes } from './route-decorators.js';

/** A path as browsers and proxies leave it. */
const PATH = /^(?:\/[A-Za-z0-9._~-]+)*$/;

/** Settings of {@link ProtectedResource}. */
export interface ProtectedResourceSettings {
  /**
   * Scopes that its routes need and a client should request: as `@Scopes()` on each of them that says nothing else. Absent: each route says so
   * itself, and clients are told those.
   */
  readonly scopes?: readonly string[];
  /** For people, on the page that asks for their consent. Absent: its address. */
  readonly name?: string;
}

/**
 * Makes a controller, or one route, an OAuth resource of its own (RFC 9728): tokens of clients pass only if they were issued for
 * `PUBLIC_URL` with this path, a refusal tells clients where the resource describes itself, and
 * `/.well-known/oauth-protected-resource<path>` does so. With the strategy `oauth`; without it only the scopes count. Routes that belong
 * to no such resource are those of `PUBLIC_URL` itself.
 *
 * @param path below `PUBLIC_URL`, with a slash before it, as clients see it. Absent: `PUBLIC_URL` itself
 * @throws TypeError for a path that is none
 * @example
 * @Controller('mcp')
 * @ProtectedResource('/mcp', { scopes: ['tools:use'] })
 * class McpController {}
 */
export function ProtectedResource(
  path = '',
  { scopes, name }: ProtectedResourceSettings = {},
): MethodDecorator & ClassDecorator {
  if (!PATH.test(path) || /\/\.{1,2}(?:\/|$)/.test(path))
    throw new TypeError(`@ProtectedResource('${path}') must be a path like '/mcp'`);
  const rule: ResourceRule = Object.freeze({ path, ...(scopes && { scopes }), ...(name !== undefined && { name }) });
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = descriptor?.value ?? target;
    Reflect.defineMetadata(PROTECTED_RESOURCE, rule, place);
    if (scopes && !Reflect.hasOwnMetadata(SCOPES, place))
      Scopes(...scopes)(target as never, key as never, descriptor as never);
  };
}
