/** One start tag of a page. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where it begins. */
  readonly at: number;
  /** Where its element ends; its own end for one without content. */
  readonly end: number;
}

const START = /<([a-z][a-z0-9-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*\/?>/gi;
const ATTRIBUTE = /([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;

/** Every start tag of a page that templates wrote: what is escaped has none. */
export function tagsOf(html: string): Tag[] {
  return [...html.matchAll(START)].map(({ 0: all, 1: name = '', 2: attributes = '', index }) => {
    const lower = name.toLowerCase();
    const close = html.toLowerCase().indexOf(`</${lower}`, index);
    const read = [...attributes.matchAll(ATTRIBUTE)].map(
      ([, key = '', double, single, bare]) => [key.toLowerCase(), double ?? single ?? bare ?? ''] as const,
    );
    return { name: lower, attributes: new Map(read), at: index, end: close < 0 ? index + all.length : close };
  });
}
