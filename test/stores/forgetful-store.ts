import { randomUUID } from 'node:crypto';
import type { RefreshTokenRecord } from '../../src/sessions/refresh-token.store.js';
import type { Storage } from '../../src/sessions/storage.js';
import { aSession } from './a-session.js';

/** A storage under whose stores keys are taken away, as a cache under pressure would do. */
export interface ForgetfulStorage {
  readonly storage: Storage;
  /** Forgets which sessions the user has. */
  forgetList(userId: string): Promise<void>;
  forgetSession(id: string): Promise<void>;
  forgetRefreshTokens(sessionId: string): Promise<void>;
}

/** What must hold when a store forgets: a logout at worst; never somebody else's session, never one that had ended. */
export function exerciseForgetting(setup: () => Promise<ForgetfulStorage>): void {
  let given: ForgetfulStorage;
  const sessions = () => given.storage.sessions;
  const now = new Date();
  beforeAll(async () => {
    given = await setup();
  });

  const inserted = async (userId: string = randomUUID()) => {
    const session = aSession({ userId });
    await sessions().insert(session);
    return session;
  };

  it('a forgotten list logs the user out, rather than leaving sessions live that nobody can see', async () => {
    const old = await inserted();
    await given.forgetList(old.userId);
    expect(await sessions().find(old.id)).toBe(null);
    const fresh = await inserted(old.userId);
    expect(await sessions().find(old.id)).toBe(null);
    expect(await sessions().find(fresh.id)).toEqual(fresh);
    const part = await sessions().listLive(old.userId, now, { after: null, limit: 10 });
    expect(part.sessions.map(({ id }) => id)).toEqual([fresh.id]);
  });

  it('a forgotten session is none, and its refresh tokens open nothing', async () => {
    const { id } = await inserted();
    await given.forgetSession(id);
    expect(await sessions().find(id)).toBe(null);
    expect(await sessions().consumeLive(id, now, 'logout')).toBe(null);
    expect(await sessions().touch(id, { lastSeenAt: new Date(now.getTime() + 9e6), idleExpiresAt: now })).toBe(false);
    expect(await sessions().find(id)).toBe(null);
  });

  it('forgotten refresh tokens are unknown, spent or not', async () => {
    const { id: sessionId } = await inserted();
    const { refreshTokens } = given.storage;
    const token = (tokenHash: string): RefreshTokenRecord => {
      return { tokenHash, sessionId, createdAt: now, expiresAt: new Date(now.getTime() + 60_000), consumedAt: null };
    };
    const rotate = (from: string, to: string) =>
      refreshTokens.rotate({ sessionId, tokenHash: from, successor: token(to), now, graceSeconds: 0 });
    await refreshTokens.insert(token('R1'));
    expect(await rotate('R1', 'R2')).toBe('rotated');
    await given.forgetRefreshTokens(sessionId);
    expect([await rotate('R1', 'R3'), await rotate('R2', 'R3')]).toEqual(['unknown', 'unknown']);
    expect([await refreshTokens.exists(sessionId, 'R2'), await refreshTokens.exists(sessionId, 'R3')]).toEqual([
      false,
      false,
    ]);
  });
}
