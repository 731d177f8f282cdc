/** Whether a request, by its `Accept` (RFC 9110 §12.5.1), would rather have a page than JSON: HTML is named, and no JSON as high. */
export function prefersHtml(accept = ''): boolean {
  const qualities = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((one) => one.trim());
    const quality = parameters.find((one) => one.startsWith('q='))?.slice(2);
    qualities.set(type, quality === undefined ? 1 : Number(quality) || 0);
  }
  const of = (type: string) => qualities.get(type) ?? 0;
  return of('text/html') > Math.max(of('application/json'), of('application/problem+json'));
}
