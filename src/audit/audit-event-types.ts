/**
 * Every type of audit event, by name: one closed list, to which each feature adds what it declares with {@link defineEvents}. Webhooks
 * send the same types.
 */
// biome-ignore lint/suspicious/noEmptyInterface: features add to it
export interface AuditEvents {}

/** `subject.what_happened`, e.g. `login.failed`; what a host records itself begins with `app.`, e.g. `app.order_refunded`. */
export type AuditEventType = keyof AuditEvents | `app.${string}`;

/** The type by which a feature extends `AuditEvents`. */
export type EventsOf<T extends Readonly<Record<string, string>>> = { readonly [K in keyof T]: string };

const EVENT_NAME = /^[a-z][a-z_]*(\.[a-z][a-z_]*){0,2}$/;

/**
 * Declares the audit events of a feature: by type, the sentence that the documentation has about it.
 *
 * @throws TypeError for a name that is not of the form `subject.what_happened`
 */
export function defineEvents<const T extends Readonly<Record<string, string>>>(events: T): T {
  for (const type of Object.keys(events)) {
    if (!EVENT_NAME.test(type)) throw new TypeError(`not a valid event name: ${type}`);
  }
  return events;
}
