import { loginOf } from '../harness/ground.js';
import type { Race } from './race.js';

/** `LOGIN_ATTEMPTS` by default. */
const LIMIT = 5;
const GUESSES = 20 * LIMIT;

/** only what reaches a hash is answered as a wrong password. */
export const guessWithinLimit: Race = {
  id: 'R-11',
  name: `${GUESSES} guesses against a limit of ${LIMIT}, for one address from everywhere or many from one client`,
  lanes: 1,
  async round(ground, number, tally) {
    const [victim] = await ground.people.make(1);
    const spray = number % 2 === 1;
    const guesses = Array.from({ length: GUESSES }, (_, i) => {
      const someone = ground.people.another();
      const guess = { ...victim!, password: `wrong horse ${i}` };
      return loginOf(spray ? { ...guess, email: someone.email } : { ...guess, ip: someone.ip }, number + i);
    });
    const replies = await ground.volley(guesses);
    const evaluated = replies.filter(({ status }) => status === 401).length;
    tally.peak('evaluated', evaluated);
    tally.count('limited', replies.filter(({ status }) => status === 429).length);
    tally.expect(evaluated <= LIMIT, `${evaluated} guesses were evaluated`);
    tally.expect(
      replies.every(({ status }) => status === 401 || status === 429),
      `answered ${[...new Set(replies.map(({ status }) => status))]}`,
    );
  },
  metric: (tally) =>
    `most guesses evaluated ${tally.of('evaluated')} of a limit of ${LIMIT}; ${tally.of('limited')} refused`,
};
