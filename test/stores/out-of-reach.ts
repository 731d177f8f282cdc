import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { AuthError } from '../../src/kernel/auth-error.js';
import type { Storage } from '../../src/sessions/storage.js';
import { aSession } from './a-session.js';

/** Of the event loop, for whoever needs no answer from anywhere; a wait of half a second takes a multiple of them. */
const TURNS_AT_ONCE = 5_000;

/** Accepts everyone and says nothing, or always the same. */
export class SilentServer {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => {
    this.sockets.add(socket.on('error', () => {}));
    socket.on('data', () => this.says && socket.write(this.says));
  });

  constructor(private readonly says = '') {}

  port(): Promise<number> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as { port: number }).port));
    });
  }

  end(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

export async function expectUnavailable(storage: Storage): Promise<void> {
  const now = new Date();
  const calls = [
    () => storage.ping(),
    () => storage.sessions.find(randomUUID()),
    () => storage.sessions.consumeLive(randomUUID(), now, 'logout'),
    () => storage.refreshTokens.exists(randomUUID(), 'x'),
    () => storage.atomics.consumeOnce('x', now),
  ];
  const errors = await Promise.all(calls.map((call) => call().catch((error: unknown) => error)));
  for (const error of errors) expect(error).toMatchObject({ code: 'unavailable', status: 503, retryAfterSeconds: 2 });
}

export async function expectUnavailableAtOnce(storage: Storage): Promise<void> {
  await answeredAtOnce(expectUnavailable(storage));
}

/** What `work` gives, which must take few turns of the event loop: in seconds, a busy machine would be what is judged. */
export async function answeredAtOnce<T>(work: Promise<T>): Promise<T> {
  const requested = { isAnswered: false, turns: 0 };
  const answer = work.finally(() => {
    requested.isAnswered = true;
  });
  for (; !requested.isAnswered && requested.turns <= TURNS_AT_ONCE; requested.turns += 1)
    await new Promise(setImmediate);
  const answered = await answer;
  expect(requested.turns).toBeLessThanOrEqual(TURNS_AT_ONCE);
  return answered;
}

export async function expectWorks(storage: Storage): Promise<void> {
  const session = aSession();
  await storage.sessions.insert(session);
  expect(await storage.sessions.find(session.id)).toEqual(session);
  expect(await storage.sessions.consumeLive(session.id, new Date(), 'logout')).toBe(session.userId);
}

export async function untilUnavailable(storage: Storage): Promise<void> {
  while ((await codeOf(storage.ping())) === null) await new Promise((resolve) => setImmediate(resolve));
}

export async function untilReachable(storage: Storage): Promise<void> {
  while ((await codeOf(storage.ping())) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
}

export function codeOf(work: Promise<unknown>): Promise<string | null> {
  return work.then(
    () => null,
    (error) => (error instanceof AuthError ? error.code : String(error)),
  );
}
