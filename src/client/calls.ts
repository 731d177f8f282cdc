import type { Client } from './contract.js';
import type { Arguments, CallOptions, Method, Operation, PathsWith, Result, ServicePaths } from './routes.js';

/** Calls one method of the service's routes. */
export type CallRoute<P, M extends Method> = <K extends PathsWith<P, M>>(
  path: K,
  ...given: Arguments<Operation<P, K, M>>
) => Promise<Result<Operation<P, K, M>>>;

/** The service's routes by method, with what each takes and answers. */
export type Routes<P = ServicePaths> = { readonly [M in Method]: CallRoute<P, M> };

/** A call, as it is made at run time. */
interface Call extends CallOptions {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: object;
  readonly body?: object;
}

/**
 * Returns the service's routes by their paths in its OpenAPI document.
 *
 * @example
 * const { get, patch } = routes(client);
 * const { data, problem } = await patch('/auth/me', { body: { name: 'Ada' } });
 */
export function routes<P = ServicePaths>({ call }: Client): Routes<P> {
  // biome-ignore lint/suspicious/noExplicitAny: what a route takes and answers, the types say
  const by = (method: string): any => {
    return (path: string, { path: values, query, ...question }: Call = {}) =>
      call(method, addressOf(path, values, query), question);
  };
  return { get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), delete: by('DELETE') };
}

const addressOf = (path: string, values?: Call['path'], query?: object): string =>
  // A value that is empty, or dots, would name another route, and is sent otherwise.
  path.replace(/{(\w+)}/g, (_, key) => encodeURIComponent(values![key]!).replace(/^\.*$/, '~$&')) +
  // Without what is undefined.
  (query ? `?${new URLSearchParams(JSON.parse(JSON.stringify(query)))}` : '');
