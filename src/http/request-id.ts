import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const ACCEPTED = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
/** Fastify's own, a counter that starts anew with each process, unless the application has set `genReqId`. */
const COUNTED = /^req-[0-9a-z]{1,12}$/;
/** Express gives its requests no id. */
const madeHere = new WeakMap<object, string>();

/** The id of this request: the one the application gives it, else the caller's or a fresh one, the same at every call. */
export function requestIdOf(request: { readonly id?: unknown; readonly headers: IncomingHttpHeaders }): string {
  if (typeof request.id === 'string' && !COUNTED.test(request.id)) return request.id;
  const id = madeHere.get(request) ?? requestIdFrom(request.headers);
  madeHere.set(request, id);
  return id;
}

/** The caller's `X-Request-Id` when it cannot forge a log line, else a fresh one. */
export function requestIdFrom(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}
