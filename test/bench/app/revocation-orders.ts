import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { SessionResolver, SessionService, SessionStore, UserStore } from 'coatcheck';

const AT_ONCE = 50;
const HOUR_MILLISECONDS = 3_600_000;

/** What a node has been given to end. */
const planted: string[] = [];

/** Sessions of a user of this node's own. */
export async function plantSessions(app: INestApplicationContext, count: number): Promise<void> {
  const store = app.get(SessionStore, { strict: false });
  const user = await app
    .get(UserStore, { strict: false })
    .insert({ email: `${randomUUID()}@bench.example`, name: null });
  for (let at = 0; at < count; at += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, count - at) }, () => randomUUID());
    await Promise.all(ids.map((id) => store.insert(sessionOf(id, user!.id))));
    planted.push(...ids);
  }
}

/** Ends planted sessions as a logout does, `atOnce` at a time, for so long. Answers how long each took, in milliseconds. */
export async function endSessions(
  app: INestApplicationContext,
  { atOnce, seconds }: { atOnce: number; seconds: number },
): Promise<number[]> {
  const sessions = app.get(SessionService, { strict: false });
  const until = performance.now() + seconds * 1000;
  const milliseconds: number[] = [];
  const worker = async () => {
    while (planted.length > 0 && performance.now() < until) {
      const start = performance.now();
      await sessions.end(planted.pop()!, 'logout');
      milliseconds.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return milliseconds;
}

/** µs of recognising a known session, nothing else happening in between; a hundred planted ones take turns. */
export async function resolveMicros(app: INestApplicationContext, count: number): Promise<number> {
  const resolver = app.get(SessionResolver, { strict: false });
  const ids = planted.slice(0, 100);
  const resolve = (at: number) => resolver.resolveSession(ids[at % ids.length]!, 'session', () => true);
  for (let at = 0; at < ids.length; at++) await resolve(at);
  let requested = 0;
  const { user, system } = process.cpuUsage();
  for (let at = 0; at < count; at++) if (resolve(at) instanceof Promise) requested += 1;
  const used = process.cpuUsage({ user, system });
  if (requested > 0) throw new Error(`${requested} of ${count} asked the store`);
  return (used.user + used.system) / count;
}

function sessionOf(id: string, userId: string) {
  const now = new Date();
  const later = new Date(now.getTime() + HOUR_MILLISECONDS);
  return {
    ...{
      id,
      userId,
      strategy: 'session',
      secretHash: 'x'.repeat(43),
      amr: ['pwd'],
      ip: '192.0.2.1',
      userAgent: 'bench',
    },
    ...{ createdAt: now, authenticatedAt: now, lastSeenAt: now, idleExpiresAt: later, absoluteExpiresAt: later },
    ...{
      epochSum: 1,
      impersonatorId: null,
      impersonatorEpochSum: null,
      onlyFor: null,
      transport: 'split' as const,
      claims: null,
      claimsRevision: null,
      metadata: null,
      endedAt: null,
      endReason: null,
    },
  };
}
