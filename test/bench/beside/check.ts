import { type Contestant, interleaved } from '../harness/interleaved.js';
import type { Bench, BenchApp } from '../row.js';
import { type Contender, placeFor } from './contender.js';

const CLIENTS = 64;

/** What a request costs that must know its user. */
export interface Check {
  readonly contender: Contender;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p99Milliseconds: number;
}

/** `GET /me` of 64 logged-in clients in turn, over 32 connections; every contender once, then every one again. */
export async function measureChecks(bench: Bench, contenders: readonly Contender[]): Promise<Check[]> {
  const apps: BenchApp[] = [];
  const contestants: Contestant[] = [];
  for (const contender of contenders) {
    const app = await contender.start(bench, await placeFor(bench, contender), {});
    const headers = (await contender.held(app, CLIENTS)).map(({ ticket }) => ticket);
    apps.push(app);
    contestants.push({ name: contender.name, app, plan: { path: '/me', headers, seconds: 1 } });
  }
  const rounds = await interleaved(bench, contestants);
  await Promise.all(apps.map((app) => app.stop()));
  return contenders.map((contender) => ({
    contender,
    perSecond: rounds.medianOf(contender.name, 'perSecond'),
    cpuMicros: rounds.medianOf(contender.name, 'cpuMicrosPerRequest'),
    p99Milliseconds: rounds.medianOf(contender.name, 'p99Milliseconds'),
  }));
}
