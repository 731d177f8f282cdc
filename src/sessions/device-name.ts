import Bowser from 'bowser';

const REMEMBERED = 500;
const known = new Map<string, string | null>();

/** A readable name such as `Firefox on Linux`; null when the user agent tells neither browser nor system. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const remembered = known.get(userAgent);
  if (remembered !== undefined) return remembered;
  // Parsing takes fifty microseconds, and most users have one of few browsers.
  if (known.size >= REMEMBERED) known.clear();
  const name = parsed(userAgent);
  known.set(userAgent, name);
  return name;
}

function parsed(userAgent: string): string | null {
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`;
  return browser.name || os.name || null;
}
