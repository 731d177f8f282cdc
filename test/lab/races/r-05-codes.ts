import { codeAt } from '../../flows/authenticator-app.js';
import type { Ground, Shot } from '../harness/ground.js';
import { ticketOf } from '../harness/ground.js';
import type { Person } from '../harness/people.js';
import type { Race } from './race.js';
import { begin, type Protected, withApp } from './second-factors.js';

/** As many wrong codes as a user may have: what is refused is refused for its own sake. */
const USES = 10;
/** As many as a login may have. */
const PROOFS = 5;
const KINDS = ['step', 'recovery code', 'pending-login'] as const;

/** R-05: one TOTP step, one recovery code, one pending login, each used many times at once. */
export const codesOnce: Race = {
  id: 'R-05',
  name: `${USES} uses of one TOTP step, of one recovery code; ${PROOFS} proofs of one pending login`,
  lanes: 2,
  async round(ground, number, tally) {
    const [person] = await ground.people.make(1);
    const owner = await withApp(ground, await ground.logIn(person!, number), number + 1);
    const kind = KINDS[number % KINDS.length]!;
    const replies = await ground.volley(await usesOf(kind, ground, person!, owner, number));
    const winners = replies.filter(({ status }) => status === 200);
    tally.count('winners', winners.length);
    tally.count(kind);
    tally.expect(winners.length === 1, `${winners.length} winners of one ${kind}`);
    const others = replies
      .filter(({ status }) => status !== 200)
      .map(({ status, body }) => `${status} ${codeOf(body)}`);
    tally.expect(
      others.every((told) => told === '401 invalid_credentials'),
      `answered ${[...new Set(others)].join(' and ')}`,
    );
    const live = await ground.acceptances(
      winners.map((reply) => ({ ...ticketOf(person!, reply), refreshToken: undefined })),
    );
    tally.expect(live === 3 * winners.length, `${live} nodes of 3 accept what was won`);
  },
  metric: (tally) =>
    `${tally.of('winners')} winners of ${KINDS.map((kind) => `${tally.of(kind)} ${kind}s`).join(', ')}`,
};

async function usesOf(
  kind: (typeof KINDS)[number],
  ground: Ground,
  person: Person,
  { secret, recoveryCodes }: Protected,
  number: number,
): Promise<Shot[]> {
  const isOneLogin = kind === 'pending-login';
  const tokens: string[] = [];
  for (let i = 0; i < (isOneLogin ? 1 : USES); i += 1)
    tokens.push((await begin(ground, person, number + i)).loginToken);
  // The step after the one that confirmed the app.
  const next = codeAt(secret, new Date(Date.now() + 30_000));
  return Array.from({ length: isOneLogin ? PROOFS : USES }, (_, i) => {
    const loginToken = isOneLogin ? tokens[0]! : tokens[i]!;
    const code = kind === 'step' ? next : recoveryCodes[isOneLogin ? i : 0];
    const factor = kind === 'step' ? 'totp' : 'recovery_code';
    return { node: number + i, path: '/auth/login/factor', body: { loginToken, factor, code }, from: person };
  });
}

function codeOf(body: string): string {
  return (JSON.parse(body) as { code: string }).code;
}
