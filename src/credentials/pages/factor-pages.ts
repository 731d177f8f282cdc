/** Name of the page on which users set a factor up, as its feature declares it; none of that name: it cannot be set up on a page. */
export function factorPageName(factor: string): string {
  return `factor-${factor.replaceAll('_', '-')}`;
}

/** Where that page is. */
export function factorPagePath(factor: string): string {
  return `/account/factors/${factor.replaceAll('_', '-')}`;
}
