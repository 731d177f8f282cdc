import { LibraryPages } from '../../src/oauth/interactions/library-pages.js';
import { OAuthPages } from '../../src/oauth/provider/oauth-pages.js';
import type { ActingUser } from '../../src/testing/index.js';
import { PageVisitor, type Shown } from '../pages/page-visitor.js';
import { type NodeSettings, OAuthNode } from './oauth-node.js';

/** As a browser asks for a page. */
export const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** A node of the provider with the pages that people see. */
export function startWithPages({ options, ...settings }: NodeSettings = {}): Promise<OAuthNode> {
  return OAuthNode.start({
    ...settings,
    providers: [{ provide: OAuthPages, useClass: LibraryPages }, ...(settings.providers ?? [])],
    options: { pages: 'on', pagesPath: '', ...options },
  });
}

/** A browser without scripts that shows pages; of a user who is signed in, or of nobody. */
export function visitorOf({ url }: OAuthNode, user?: ActingUser): PageVisitor {
  const visitor = new PageVisitor(url, { 'sec-fetch-site': 'same-origin', ...HTML });
  for (const pair of (user?.headers.cookie ?? '').split('; ').filter(Boolean))
    visitor.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  return visitor;
}

/** Follows within the service until a page is shown, or the browser is sent to somebody else. */
export async function followHome(visitor: PageVisitor, { issuer }: OAuthNode, first: Shown): Promise<Shown> {
  let shown = first;
  for (let hops = 0; hops < 10; hops++) {
    const next = shown.location ?? /^0;url=(.*)$/.exec(shown.headers.get('refresh') ?? '')?.[1] ?? null;
    if (next === null) return shown;
    const url = new URL(next, issuer);
    if (url.origin !== new URL(issuer).origin) return { ...shown, location: url.href };
    shown = await visitor.open(url.pathname + url.search);
  }
  throw new Error(`led round in circles, to ${shown.location}`);
}
