import { SCOPES } from '../http/api-docs.js';
import { OPTIONAL_AUTH, PUBLIC } from './public.decorator.js';
import { ALLOWED_STRATEGIES, PERMISSIONS, ROLES, STEP_UP } from './rule-keys.js';

/**
 * How a route treats a caller without a ticket: `public` and `optional` let them in, `closed` refuses; `optional` also recognises those
 * who carry a ticket.
 */
export type Opening = 'public' | 'optional' | 'closed';

/** Metadata of rules that only a user can satisfy. */
const OF_USER = [ROLES, PERMISSIONS, STEP_UP];
const OF_CALLER = [...OF_USER, SCOPES, ALLOWED_STRATEGIES];

/**
 * What stands nearer to the route counts for more, and in doubt it is closed: what opens a whole controller does not open a handler that
 * asks something of its caller.
 */
export function openingOf(handler: object, controller: object): Opening {
  const opening = saidAt(handler) ?? saidAt(controller) ?? 'closed';
  return opening === 'optional' && asks(OF_USER, controller) ? 'closed' : opening;
}

/** Undefined where nothing is said. */
function saidAt(place: object): Opening | undefined {
  const isPublic = Reflect.getMetadata(PUBLIC, place) === true;
  const isOptional = Reflect.getMetadata(OPTIONAL_AUTH, place) === true;
  if (!isPublic && !isOptional) return asks(OF_CALLER, place) ? 'closed' : undefined;
  if (asks(OF_USER, place)) return 'closed';
  return isPublic ? 'public' : 'optional';
}

function asks(keys: readonly string[], place: object): boolean {
  return keys.some((key) => Reflect.getMetadata(key, place) !== undefined);
}
