import { createHash } from 'node:crypto';
import { BreachedPasswords } from './breached-passwords.js';

const PREFIX = 5;
/** A range has a thousand lines of some forty characters; ten times as many are no answer. */
const MOST_CHARACTERS = 1_000_000;
const LINE = /^[0-9A-F]{35}:\d{1,15}$/i;

/**
 * The range protocol of "Pwned Passwords" (k-anonymity): five hexadecimal characters of the SHA-1 hash leave the house, which hundreds of
 * thousands of passwords have in common, and the answer is padded, so that its length tells as little.
 */
export class BreachedPasswordRange extends BreachedPasswords {
  /** @param url ends with what the five characters are appended to, e.g. `https://api.pwnedpasswords.com/range/` */
  constructor(private readonly url: string) {
    super();
  }

  async includes(password: string, signal: AbortSignal): Promise<boolean> {
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
    const headers = { 'add-padding': 'true', 'user-agent': 'coatcheck' };
    const address = this.url + hash.slice(0, PREFIX);
    const reply = await fetch(address, { headers, signal, redirect: 'error' });
    if (reply.status !== 200) throw new Error(`the range service answered ${reply.status}`);
    const text = await reply.text();
    if (text.length > MOST_CHARACTERS) throw new Error('the range service answered too much');
    const suffix = hash.slice(PREFIX);
    const lines = text.split(/\r?\n/).filter((each) => each !== '');
    // A page of something in between says of no password that it is not there.
    if (!lines.every((each) => LINE.test(each.trim()))) throw new Error('the range service answered something else');
    const line = lines.find((each) => each.slice(0, suffix.length).toUpperCase() === suffix);
    // Padding has the count 0.
    return line !== undefined && !/:0+$/.test(line.trim());
  }
}
