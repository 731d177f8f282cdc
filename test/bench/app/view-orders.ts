import type { INestApplicationContext } from '@nestjs/common';
import { SessionResolver } from 'coatcheck';
import pg from 'pg';

const PAGE = 500;
const LOOKS = 200_000;
/** Then the heartbeat gets its turn. */
const LOOKS_IN_TURN = 5_000;

/** What a full view was like. */
export interface FilledView {
  readonly seconds: number;
  /** Of one session that is known, any of them in turn. */
  readonly knownMicros: number;
  /** Of a hundred that are asked for again and again. */
  readonly busyMicros: number;
}

/** Sees every session of the database once, as if each came with its ticket, and then looks at what it knows. */
export async function fillView(app: INestApplicationContext, databaseUrl: string): Promise<FilledView> {
  const resolver = app.get(SessionResolver, { strict: false });
  const resolve = (id: string) => resolver.resolveSession(id, 'session', () => true);
  const ids = await idsIn(databaseUrl);
  const start = performance.now();
  for (let at = 0; at < ids.length; at += PAGE) await Promise.all(ids.slice(at, at + PAGE).map(resolve));
  const seconds = (performance.now() - start) / 1000;
  // A step that meets all of them, out of order.
  const knownMicros = await microsOf((at) => resolve(ids[(at * 7_919) % ids.length]!));
  const busyMicros = await microsOf((at) => resolve(ids[at % 100]!));
  return { seconds, knownMicros, busyMicros };
}

async function idsIn(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query({ text: 'SELECT id FROM coatcheck.sessions', rowMode: 'array' });
  await client.end();
  return rows.map(([id]) => id as string);
}

/** @throws when the store was asked */
async function microsOf(look: (at: number) => unknown): Promise<number> {
  let [asked, micros] = [0, 0];
  for (let from = 0; from < LOOKS; from += LOOKS_IN_TURN) {
    const before = process.cpuUsage();
    for (let at = from; at < from + LOOKS_IN_TURN; at++) if (look(at) instanceof Promise) asked += 1;
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (asked > 0) throw new Error(`${asked} of ${LOOKS} asked the store`);
  return micros / LOOKS;
}
