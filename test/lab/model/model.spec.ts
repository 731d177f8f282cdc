import { isLong } from '../harness/form.js';
import { isDue } from './is-due.js';
import { search, searchForFault, spinIsInstalled } from './spin.js';

/** A node as it is: clocks that drift, statements that commit late, and two callers who end the session. */
const ONE_NODE = ['NODES=1', 'ONE_SUBJECT'];
/** Two of them together, without what the runs on one node prove of each. */
const TWO_NODES = ['NODES=2', 'ONE_SUBJECT', 'ONE_REVOKER', 'PROMPT_COMMIT', 'EXACT_CLOCKS'];
/** A node, and a process of another service that has what it knows from it. */
const A_FOLLOWER = [...TWO_NODES, 'FOLLOWER'];
/** A follower that says itself what it has applied, to the node where one of the two callers waits; the other goes by the store. */
const A_WORD = [...ONE_NODE, 'TOLD'];
/** The same, of a store that is emptied: its numbers begin anew, and so does every lease. */
const A_WORD_OF_BEFORE = [...A_WORD, 'FEED_ANEW', 'PROMPT_COMMIT', 'EXACT_CLOCKS'];
/** Ticks that pass while a caller still waits: it is answered at the next. A recorded lease is 3, and what a node uses of it 2. */
const A_LEASE_AND_A_RENEWAL_UNDER_WAY = 3;
const TWO_LEASES = 5;
const WAIT_ONE = ['LIVENESS', 'NODES=1', 'ONE_SUBJECT', 'ONE_REVOKER'];
const WAIT_TWO = ['LIVENESS', ...TWO_NODES];
const WAIT_FOR_THE_DEAD = ['LIVENESS', 'LIVENESS_DEAD', 'NODES=2', 'ONE_SUBJECT', 'ONE_REVOKER'];

const ACCEPTED = /assertion violated .*acked/;
const WAITED = /assertion violated .*waited/;

const installed = spinIsInstalled();
const due = isDue();
const missing = 'the model of revocation was NOT checked: spin is missing (apt-get install spin gcc)';
const unchanged =
  'the model of revocation was not checked: src/revocation is as on the main branch (LAB_FORM=long does it)';

if (!installed || !due) {
  describe('the model of revocation', () => {
    it('is checked where CI says so', () => {
      process.stderr.write(`\n!!! SKIPPED: ${due ? missing : unchanged}\n\n`);
      if (process.env.CI === 'true') throw new Error(missing);
    });
  });
}

/** Of the short form: a bound that is smaller, and searched to its end all the same. */
const inLong = <Case>(...cases: Case[]) => (isLong ? cases : []);

(installed && due ? describe : describe.skip)('the model of revocation', () => {
  it.each([
    ...inLong<[string, string[]]>(['two nodes', TWO_NODES]),
    ['one node', ONE_NODE],
    ['one node, with announcements of other subjects in between', ['NODES=1']],
    ['one node, and a service that follows with a lease of its own', A_FOLLOWER],
    ['a follower that tells the node of a caller what it has applied', A_WORD],
    ['a follower that tells it, of a store that was emptied and counts anew', A_WORD_OF_BEFORE],
    ...inLong<[string, string[]]>([
      'a follower that tells it, with announcements of other subjects in between',
      ['NODES=1', 'TOLD'],
    ]),
    ['one node, with two loads of the session in flight', [...ONE_NODE, 'LOADS=2']],
    ...inLong<[string, string[]]>([
      'one node, with a renewal that was given up and arrives late',
      [...ONE_NODE, 'RENEWALS=2'],
    ]),
    ['a store that forgets its leases, and waits for a whole one', [...ONE_NODE, 'LEASES_FORGOTTEN']],
    ...inLong<[string, string[]]>([
      'a store that announces before the change and again after it',
      [...ONE_NODE, 'ANNOUNCE_FIRST'],
    ]),
  ])('accepts nothing that starts after the acknowledgement: %s', (_name, flags) => {
    expect(search(flags)).toMatchObject({ exhaustive: true, violation: null, unreached: [] });
  });

  it.each([
    ['a load in flight is cached after its session was revoked', [...ONE_NODE, 'NO_TOMBSTONE']],
    ['the lease is counted from the reply', [...ONE_NODE, 'LEASE_FROM_REPLY']],
    ['a request joins a load that began before the revocation', [...ONE_NODE, 'JOIN_OLD_LOAD']],
    ['a node uses all of its lease and its clock is slow', [...ONE_NODE, 'NODE_LEASE_NOT_SHORTER']],
    ['a node keeps its view when it gets a lease again', [...ONE_NODE, 'KEEP_VIEW_ON_RECOVERY']],
    ['requests share loads in lookup mode', [...ONE_NODE, 'JOIN_IN_LOOKUP']],
    ['a load from before the lease was lost is cached', [...ONE_NODE, 'LOAD_OUTLIVES_LEASE']],
    ['a timer ends the lease, not the clock read at the request', [...ONE_NODE, 'TIMER_DECIDES']],
    ['who finds the session ended is answered at once', [...ONE_NODE, 'RETRY_DOES_NOT_WAIT']],
    ['leases are judged by a clock read after the snapshot', [...ONE_NODE, 'CLOCK_AFTER_SNAPSHOT']],
    ['a late renewal moves the recorded expiry back', [...ONE_NODE, 'RENEWALS=2', 'LEASE_MOVES_BACK']],
    ['a node skips to the number of its own announcement', ['NODES=1', 'OWN_SEQ_SKIPS_GAP']],
    ['two living nodes share a node id', [...TWO_NODES, 'SHARED_NODE_ID']],
    ['a node judges a ticket by what is older than the follower that asks', [...A_FOLLOWER, 'LOOK_UP_IGNORES_APPLIED']],
    ...inLong<[string, string[]]>([
      'the service ends the lease of a follower that may still answer by it',
      [...A_FOLLOWER, 'SERVICE_ENDS_LEASE'],
    ]),
    ['a follower tells of a revocation before it has applied it', [...A_WORD, 'SAID_BEFORE_APPLIED']],
    ['what a follower tells counts for a later revocation', [...A_WORD, 'WORD_COUNTS_FOR_THE_NEXT']],
    ['what a follower told counts for its next lease', [...A_WORD_OF_BEFORE, 'WORD_OUTLIVES_LEASE']],
    ['the store announces first, and only once', [...ONE_NODE, 'ANNOUNCE_FIRST', 'ANNOUNCE_ONCE']],
    ['leases were forgotten and nobody waits', [...ONE_NODE, 'LEASES_FORGOTTEN', 'NO_GRACE']],
    ['the clock of a node stands still while time passes', [...ONE_NODE, 'NODE_CLOCK_STOPS']],
    ['the clock of the store jumps ahead', [...ONE_NODE, 'STORE_CLOCK_JUMPS']],
  ])('notices when %s', (_name, flags) => {
    expect(searchForFault(flags).violation).toMatch(ACCEPTED);
  });

  it.each([
    [
      'a lease and a renewal, when both nodes are dead',
      [...WAIT_FOR_THE_DEAD, `LONGEST_WAIT=${A_LEASE_AND_A_RENEWAL_UNDER_WAY}`],
    ],
    ['two leases, whatever one node does', [...WAIT_ONE, `LONGEST_WAIT=${TWO_LEASES}`]],
    ...inLong<[string, string[]]>(
      [
        'two leases, whatever one node does, renewals given up',
        [...WAIT_ONE, 'RENEWALS=2', `LONGEST_WAIT=${TWO_LEASES}`],
      ],
      ['two leases, whatever two nodes do', [...WAIT_TWO, `LONGEST_WAIT=${TWO_LEASES}`]],
    ),
  ])('acknowledges within %s', (_name, flags) => {
    expect(search(flags)).toMatchObject({ exhaustive: true, violation: null });
  });

  it.each([
    [
      'a node renews though it never applies what it was told of',
      [...WAIT_ONE, 'RENEW_WHILE_BEHIND', 'LONGEST_WAIT=30'],
    ],
    [
      'a node without a lease asks for one with what it applied long ago',
      [...WAIT_ONE, 'JOIN_CARRIES_OLD', 'LONGEST_WAIT=30'],
    ],
    [
      'a revoker waits for nodes that joined after it',
      [...WAIT_TWO, 'WAITS_FOR_JOINERS', `LONGEST_WAIT=${TWO_LEASES}`],
    ],
  ])('notices the endless wait when %s', (_name, flags) => {
    expect(searchForFault(flags).violation).toMatch(WAITED);
  });
});
