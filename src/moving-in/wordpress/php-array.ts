/** Texts of an array that PHP has serialized, `a:1:{s:6:"editor";b:1;}`; null where it is none. Nothing else of it is read, and no object made. */
export function textsOfPhpArray(serialized: string): string[] | null {
  if (!/^a:\d+:\{.*\}$/s.test(serialized)) return null;
  return [...serialized.matchAll(/s:\d+:"([^"]*)";/g)].map(([, text]) => text!);
}

/** Names that a serialized array of flags says true to. */
export function flagsOfPhpArray(serialized: string): string[] | null {
  if (!/^a:\d+:\{.*\}$/s.test(serialized)) return null;
  return [...serialized.matchAll(/s:\d+:"([^"]*)";b:([01]);/g)]
    .filter(([, , isTrue]) => isTrue === '1')
    .map(([, name]) => name!);
}
