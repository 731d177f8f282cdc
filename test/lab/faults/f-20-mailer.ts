import { refusal } from '../../mail/smtp-sink.js';
import { isLong } from '../harness/form.js';
import type { Ground } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Person } from '../harness/people.js';
import type { Tally } from '../harness/tally.js';
import type { Fault } from './fault.js';

const PAIRS = isLong ? 30 : 8;
const SLOW_MILLISECONDS = 1500;

/** F-20: the answers to known and unknown addresses stay alike, and in the end every mail is there, once as far as it counts. */
export const mailerFails: Fault = {
  id: 'F-20',
  name: 'the mail server is down, refuses, is slow, accepts twice',
  times: { short: 1, long: 5 },
  async play(ground, times, tally) {
    for (let time = 0; time < times; time += 1) {
      await during(ground, 'down', tally, async () => {
        await ground.mailbox.close();
        return () => ground.mailbox.listen();
      });
      await during(ground, 'refusing', tally, async () =>
        receiving(ground, () => ({ isKept: false, refusal: refusal(451) })),
      );
      const slow = () => pause(SLOW_MILLISECONDS).then(() => ({ isKept: true }));
      await during(ground, 'slow', tally, async () => receiving(ground, slow));
      await during(ground, 'accepting twice', tally, async () => receiving(ground, refusingOnce()));
    }
  },
  metric: (tally) =>
    `difference of medians known/unknown while down ${gap(tally, 'down')}, refusing ${gap(tally, 'refusing')}, slow ${gap(tally, 'slow')}, ` +
    `accepting twice ${gap(tally, 'accepting twice')}; ${tally.of('arrived')} of ${tally.of('mails')} mails arrived; most good links of one wish ${tally.of('good')}`,
};

/** Keeps the mail and says that it did not; the second time it says so. */
function refusingOnce(): Ground['mailbox']['receive'] {
  const told = new Set<string>();
  return ({ to }) => {
    const receiver = [to].flat()[0]?.text ?? '';
    const isSecond = told.has(receiver);
    told.add(receiver);
    return isSecond ? { isKept: true } : { isKept: true, refusal: refusal(451) };
  };
}

type Trouble = () => Promise<() => unknown>;

async function receiving(ground: Ground, receive: Ground['mailbox']['receive']): Promise<() => void> {
  const before = ground.mailbox.receive;
  ground.mailbox.receive = receive;
  return () => {
    ground.mailbox.receive = before;
  };
}

async function during(ground: Ground, what: string, tally: Tally, trouble: Trouble): Promise<void> {
  const people = await ground.people.make(PAIRS);
  const mend = await trouble();
  const forget = async (from: Person, known: string, node: number) => {
    const start = performance.now();
    const { status, body } = await ground.send({
      node,
      path: '/auth/password/forgot',
      body: { email: from.email },
      from,
    });
    tally.time(`${what} ${known}`, performance.now() - start);
    tally.expect(status === 202 && body === '{"status":"reset_sent"}', `${what}: answered ${status} ${body}`);
  };
  for (const [i, person] of people.entries()) {
    const twins = [() => forget(person, 'known', i), () => forget(ground.people.another(), 'unknown', i)];
    for (const twin of i % 2 ? twins : twins.reverse()) await twin();
  }
  await pause(1000);
  const isTold = what === 'accepting twice';
  if (!isTold) await mend();
  for (const person of people) await expectOneMail(ground, person, what, tally);
  if (isTold) await mend();
}

async function expectOneMail(ground: Ground, person: Person, what: string, tally: Tally): Promise<void> {
  tally.count('mails');
  const tokens = await ground.mailbox.waitFor(person.email, what === 'accepting twice' ? 2 : 1);
  tally.count('arrived');
  const replies = [];
  for (const token of tokens) {
    const body = { token, password: 'seventeen quiet otters' };
    replies.push((await ground.send({ node: 0, path: '/auth/password/reset', body, from: person })).status);
  }
  const good = replies.filter((status) => status === 204).length;
  tally.peak('good', good);
  tally.expect(good === 1, `${what}: ${good} of ${tokens.length} mailed links are good`);
}

function gap(tally: Tally, what: string): string {
  const [known, unknown] = ['known', 'unknown'].map((each) => tally.milliseconds(`${what} ${each}`, 0.5));
  return `${Math.abs(known! - unknown!).toFixed(2)} ms`;
}
