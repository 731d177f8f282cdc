const MAX_DEPTH = 'coatcheck:structured';

/** These keys change what a copied object is. */
const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Lets a field of a request hold arrays and objects, at most so many inside one another; any other field is a plain value. */
export function MaxDepth(depth: number): PropertyDecorator {
  return (target, key) => Reflect.defineMetadata(MAX_DEPTH, depth, target, key);
}

/** Whether a value is no deeper than the request class allows that field to be, and has no key that is dangerous to copy. */
export function isShallowEnough(value: unknown, dto: { prototype: object }, field: string): boolean {
  const depth: number = Reflect.getMetadata(MAX_DEPTH, dto.prototype, field) ?? 0;
  return fits(value, depth);
}

function fits(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => fits(item, depth - 1));
  return Object.entries(value).every(([key, item]) => !REFUSED_KEYS.has(key) && fits(item, depth - 1));
}
