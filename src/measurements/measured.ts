/**
 * The values measured each minute, by the name in the table `measurements`. Names that end in a dot are followed by one of a closed set: the
 * method of a proof (RFC 8176), or the strategy of a request. What did not happen in a minute has no row.
 */
export const MEASURED = {
  up: 'The node ran. Its absence tells a minute in which nothing is known from one in which nothing happened.',
  logins: 'Logins that succeeded.',
  logins_failed: 'Logins that were refused.',
  registrations: 'Users who registered themselves.',
  'factors.': 'Logins by the methods that they were proven with.',
  locks: 'Accounts that were locked after failed logins.',
  refreshes: 'Refreshes of access tokens.',
  refresh_reuse: 'Used refresh tokens that were sent again.',
  'requests.': 'Authenticated requests, by strategy.',
  acknowledgements: 'Seconds that revocations waited until no node accepted the old ticket.',
  acknowledgements_by_lease: 'Revocations that waited until the lease of a node had expired.',
  lookup_seconds: 'Seconds in which every request had to ask the store.',
  hash_wait: 'Seconds that passwords waited to be hashed.',
  mail_lag: 'Seconds that the oldest unsent e-mail has waited, at the end of the minute.',
  webhook_lag: 'Age in seconds of the oldest event that a webhook has not received, at the end of the minute.',
  responses: 'Seconds from requests to their responses. Only the service measures it.',
  responses_5xx: 'Responses with a status of 500 or above. Only the service measures it.',
} as const;

/** The name of a measurement. */
export type MeasurementName = Exclude<keyof typeof MEASURED, `${string}.`> | `factors.${string}` | `requests.${string}`;

/** A value that one node measured in one minute. */
export interface Measurement {
  readonly name: MeasurementName;
  readonly count: number;
  readonly sum: number;
  readonly p50: number | null;
  readonly p99: number | null;
}
