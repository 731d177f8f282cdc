const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether PostgreSQL would take `text` for a `uuid`; it throws for anything else, where a store says "there is none". */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
