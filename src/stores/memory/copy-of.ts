/** A record that shares nothing with the given one: a store's rows change only through the store. */
export function copyOf<T extends object>(record: T): T {
  const copies = Object.entries(record).map(([name, value]) => [name, copyOfValue(value)]);
  return Object.fromEntries(copies);
}

function copyOfValue(value: unknown): unknown {
  if (value instanceof Date) return new Date(value);
  // Claims and metadata.
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return structuredClone(value);
  return Array.isArray(value) ? [...value] : value;
}
