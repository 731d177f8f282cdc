const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Whether `text` is a UUID. Ids are checked before they become part of a key or a query: for anything else a store says
 * "there is none" (PostgreSQL would throw, and a key-value store might take it for another one's key).
 */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
