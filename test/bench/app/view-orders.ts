import type { INestApplicationContext } from '@nestjs/common';
import { SessionResolver } from 'coatcheck';
import pg from 'pg';

const PAGE = 5_000;
const LOOKS = 200_000;

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
  const knownMicros = microsOf((at) => resolve(ids[(at * 7_919) % ids.length]!));
  const busyMicros = microsOf((at) => resolve(ids[at % 100]!));
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
function microsOf(look: (at: number) => unknown): number {
  const before = process.cpuUsage();
  let asked = 0;
  for (let at = 0; at < LOOKS; at++) if (look(at) instanceof Promise) asked += 1;
  const { user, system } = process.cpuUsage(before);
  if (asked > 0) throw new Error(`${asked} of ${LOOKS} asked the store`);
  return (user + system) / LOOKS;
}
