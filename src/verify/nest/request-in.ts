import type { ArgumentsHost } from '@nestjs/common';

/** The request of a route or of a GraphQL resolver; null where there is none. */
export function requestIn(context: ArgumentsHost): object | null {
  const type = context.getType<string>();
  if (type === 'http') return context.switchToHttp().getRequest<object>();
  if (type !== 'graphql') return null;
  const { req, request, reply } = (context.getArgByIndex(2) ?? {}) as Record<string, { request?: object } | undefined>;
  return req ?? request ?? reply?.request ?? null;
}
