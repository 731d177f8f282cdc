import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../edge/edge.js';

/**
 * The value of one field of the address; undefined where it is absent, or there more than once. Of other fields nothing is asked. Unlike
 * `@Query(name)` it is out of the reach of a host's own pipes.
 */
export const QueryText = (name: string): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext): string | undefined => {
    const { originalUrl, url } = requestOf(context);
    const at = (originalUrl ?? url).indexOf('?');
    const [value, ...more] = new URLSearchParams(at < 0 ? '' : (originalUrl ?? url).slice(at + 1)).getAll(name);
    return more.length === 0 ? value : undefined;
  })();
