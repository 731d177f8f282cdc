import { type Contestant, interleaved } from '../harness/interleaved.js';
import { ticketsOf } from '../harness/tickets.js';
import type { AppSettings, Bench, Measurement } from '../row.js';

const USERS = 64;
const STRATEGIES = ['session', 'jwt'] as const;

/** What an authenticated request costs with tracing switched off, waiting for an SDK that is not there, and with one that records every span. */
export const tracing: Measurement = {
  name: 'tracing',
  async measure(bench) {
    const contestants: Contestant[] = [];
    for (const strategy of STRATEGIES) {
      contestants.push(await requests(bench, `${strategy}, off`, { strategy, options: { tracing: 'off' } }));
      contestants.push(await requests(bench, `${strategy}, no SDK`, { strategy }));
      contestants.push(
        await requests(bench, `${strategy}, requests only`, { strategy, hasSdk: true, options: { tracing: 'off' } }),
      );
      contestants.push(await requests(bench, `${strategy}, spans`, { strategy, hasSdk: true }));
    }
    const rounds = await interleaved(bench, contestants);
    const compared = (row: string, one: string, other: string, of: string, target?: { atLeast: number }) => {
      const cost = (name: string) => rounds.medianOf(name, 'cpuMicrosPerRequest');
      const note = `${cost(one).toFixed(1)} µs of CPU, ${(cost(one) - cost(other)).toFixed(1)} above`;
      const figure = { row, value: rounds.medianOf(one, 'perSecond'), unit: '/s', ratio: rounds.ratio(one, other) };
      return { ...figure, of, note, ...(target && { target }) };
    };
    return STRATEGIES.flatMap((by) => [
      compared(`tracing: authenticated GET, ${by}, no SDK`, `${by}, no SDK`, `${by}, off`, 'TRACING=off', {
        atLeast: 0.97,
      }),
      compared(
        `tracing: authenticated GET, ${by}, two spans recorded`,
        `${by}, spans`,
        `${by}, requests only`,
        'an SDK that records the request alone',
      ),
    ]);
  },
};

async function requests(bench: Bench, name: string, settings: AppSettings): Promise<Contestant> {
  const app = await bench.startApp(settings);
  const headers = await ticketsOf(app, USERS);
  return { name, app, plan: { path: '/me', headers, seconds: 1, isSleepless: true } };
}
