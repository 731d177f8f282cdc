/** By file: what it said, and the function it was compiled to. */
const compiled = new Map();

/**
 * Jest evaluates itself, and what stands beside the spec files, anew for each of them. It need not compile that anew: in one realm a function
 * without a state of its own comes of it, which is called with each file's own modules.
 *
 * @param compile is called unless the same was compiled before
 */
export function compiledOnce(file, code, parameters, compile) {
  // A spec file is run once, and what imports at run time belongs to the run it was compiled for.
  if (file === undefined || file.endsWith('.spec.ts') || /\bimport\s*\(|\bimport\.meta/.test(code)) return compile();
  const key = `${parameters}\n${file}`;
  const known = compiled.get(key);
  if (known?.code === code) return known.function;
  const made = compile();
  compiled.set(key, { code, function: made });
  return made;
}
