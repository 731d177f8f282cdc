/** The same values, of which a misspelt one is an error rather than the word `undefined` on a page. Objects and arrays in it too. */
export function strictValues<T extends object>(values: T, name = 'it'): T {
  return new Proxy(values, {
    get: (target, key) => {
      if (typeof key !== 'string') return Reflect.get(target, key);
      if (!(key in target)) {
        throw new TypeError(`${name}.${key} is not given; there are: ${Object.keys(target).join(', ')}`);
      }
      const value: unknown = Reflect.get(target, key);
      return isPlain(value) ? strictValues(value, `${name}.${key}`) : value;
    },
  });
}

function isPlain(value: unknown): value is object {
  if (Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
