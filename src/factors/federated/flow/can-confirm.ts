import type { Connection } from '../connections/connection.js';
import { providerOf } from '../providers/providers.js';

/** Whether a login there may confirm who a user is: the provider has the user log in anew and says so, or an admin takes its word without that. */
export function canConfirm({ kind, settings, isDisabled }: Connection): boolean {
  return !isDisabled && (settings.trustsNewLogin || asksAnew(kind));
}

/** Whether its providers can be asked to have users log in anew. */
export function asksAnew(kind: string): boolean {
  return providerOf(kind)?.asksAnew === true;
}
