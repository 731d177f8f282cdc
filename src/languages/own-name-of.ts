/** The name of a language in itself, e.g. `Deutsch` for `de`. */
export function ownNameOf(code: string): string {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
