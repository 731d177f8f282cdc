import Bowser from 'bowser';

/** A readable name such as `Firefox on Linux`; null when the user agent tells neither browser nor system. */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name && os.name) return `${browser.name} on ${os.name}`;
  return browser.name || os.name || null;
}
