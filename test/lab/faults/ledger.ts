import { type Ground, loginOf, type Ticket } from '../harness/ground.js';
import type { Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';

/** What was acknowledged, to be looked for after a fault. What was not may count either way, and is not in it. */
export class Ledger {
  /** Logged in, or refreshed, and not logged out. */
  readonly alive = new Set<Ticket>();
  readonly ended: Ticket[] = [];
  readonly registered: Person[] = [];
  /** With the password that was acknowledged last. */
  readonly changed: Person[] = [];

  /** Counts in the tally as `acknowledged` and `lost`. */
  async audit(ground: Ground, tally: Tally): Promise<void> {
    const lost: string[] = [];
    const look = async <T>(
      what: string,
      things: readonly T[],
      isThere: (thing: T, node: number) => Promise<boolean>,
    ) => {
      const found = await Promise.all(things.map((thing, i) => isThere(thing, i)));
      const missing = found.filter((there) => !there).length;
      tally.count('acknowledged', things.length);
      if (missing > 0) lost.push(`${missing} of ${things.length} acknowledged ${what} lost`);
      tally.count('lost', missing);
    };
    await look('logins and refreshes', [...this.alive], (as, node) => answers(ground, as, node, 200));
    await look('logouts', this.ended, (as, node) => answers(ground, as, node, 401));
    await look('registrations', this.registered, (person) => isKnown(ground, person));
    await look('password changes', this.changed, async (person, node) => {
      return (await ground.send(loginOf(person, node))).status === 200;
    });
    tally.violations.push(...lost);
  }
}

async function answers(ground: Ground, as: Ticket, node: number, status: number): Promise<boolean> {
  return (await ground.send({ node, method: 'GET', path: '/auth/me', as })).status === status;
}

async function isKnown({ people }: Ground, { email }: Person): Promise<boolean> {
  return (await people.query('SELECT FROM coatcheck.registrations WHERE email = $1', [email])).length === 1;
}
