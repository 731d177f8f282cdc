import type { SessionPosition } from '../../sessions/live-part.js';
import type { RedisConnection } from './redis-connection.js';
import { indexKey, markKey } from './redis-keys.js';
import { ADD_SESSION } from './session-scripts.js';

/** Which sessions a user has, by start. One that has ended may still be in it, one that lives always is. */
export class SessionsByStart {
  constructor(private readonly redis: RedisConnection) {}

  /** Enters a session. @param mark in case there is none @returns what the session is to bear */
  async addSession(userId: string, id: string, startedAt: Date, lifeMs: number, mark: string) {
    const values = [id, startedAt.getTime(), lifeMs, mark];
    const keys = [markKey(userId), indexKey(userId)] as const;
    const [held, number] = (await this.redis.run(ADD_SESSION, [...keys], values)) as [string, number];
    return { mark: held, number };
  }

  /** Null: there is none, or it was lost. */
  async markOf(userId: string): Promise<string | null> {
    return (await this.redis.ask(markKey(userId), ['HGET', markKey(userId), 'mark'])) as string | null;
  }

  async sizeOf(userId: string): Promise<number> {
    return (await this.redis.ask(indexKey(userId), ['ZCARD', indexKey(userId)])) as number;
  }

  /** From `rank` on, counted from 0: the latest started first, or the oldest. */
  async readRange(userId: string, rank: number, count: number, from: 'latest' | 'oldest'): Promise<SessionPosition[]> {
    const key = indexKey(userId);
    const ends = [String(rank), String(rank + count - 1)];
    const order = from === 'latest' ? ['REV'] : [];
    // Pairs, or all in one row: as the protocol is.
    const told = (await this.redis.ask(key, ['ZRANGE', key, ...ends, ...order, 'WITHSCORES'])) as unknown[];
    const answer = told.flat() as string[];
    return Array.from({ length: answer.length / 2 }, (_, i) => ({
      sessionId: answer[2 * i]!,
      startedAt: new Date(Number(answer[2 * i + 1])),
    }));
  }

  /** How many come before the place, at most, the latest started first. */
  async rankAfter(userId: string, { startedAt, sessionId }: SessionPosition): Promise<number> {
    const key = indexKey(userId);
    const rank = (await this.redis.ask(key, ['ZREVRANK', key, sessionId])) as number | null;
    if (rank !== null) return rank + 1;
    return (await this.redis.ask(key, ['ZCOUNT', key, `(${startedAt.getTime()}`, '+inf'])) as number;
  }

  async removeSessions(userId: string, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.redis.ask(indexKey(userId), ['ZREM', indexKey(userId), ...ids]);
  }
}
