import Bowser from 'bowser';
import { LRUCache } from 'lru-cache';

/** No browser says more, and parsing takes as long as the text is. */
const MOST_CHARACTERS = 512;
/** The browsers whose names may appear in mails: a client's own words must not. */
const BROWSERS: ReadonlySet<string> = new Set(Object.values(Bowser.BROWSER_MAP));
const SYSTEMS: ReadonlySet<string> = new Set(Object.values(Bowser.OS_MAP));
/** Parsing takes fifty microseconds, and most users have one of few browsers. */
const known = new LRUCache<string, { readonly name: string | null }>({
  max: 500,
  memoMethod: (userAgent) => ({ name: parsed(userAgent) }),
});

/** A name such as `Firefox on Linux`, of a closed list; null when the user agent tells neither a browser nor a system that is in it. */
export function deviceName(given: string | null): string | null {
  return given ? known.memo(given.slice(0, MOST_CHARACTERS)).name : null;
}

function parsed(userAgent: string): string | null {
  const { browser, os } = Bowser.parse(userAgent);
  const names = [listed(browser.name, BROWSERS), listed(os.name, SYSTEMS)].filter((name) => name !== null);
  return names.length === 0 ? null : names.join(' on ');
}

function listed(name: string | undefined, names: ReadonlySet<string>): string | null {
  return name !== undefined && names.has(name) ? name : null;
}
