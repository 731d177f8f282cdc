/** To be told to browsers again: nothing but names, also such as come later, in the order that browsers have them. */
export function knownTransports(told: readonly string[]): string[] {
  return [...new Set(told)]
    .filter((transport) => /^[a-z][a-z-]{1,31}$/.test(transport))
    .sort()
    .slice(0, 8);
}
