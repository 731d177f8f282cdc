import { randomUUID } from 'node:crypto';
import type { RefreshTokenRecord } from '../../src/sessions/refresh-token.store.js';
import type { Storage } from '../../src/sessions/storage.js';
import { aSession } from './a-session.js';

/** A storage under whose stores keys are taken away, as a cache under pressure would do. */
export interface ForgetfulStorage {
  readonly storage: Storage;
  /** Forgets the value that says which generation of the user's sessions lives. */
  forgetGeneration(userId: string): Promise<void>;
  /** Forgets which sessions the user has, as far as that is kept apart from the generation. */
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

  it('a forgotten generation logs the user out, and the next login does not bring old sessions back', async () => {
    const old = await inserted();
    await given.forgetGeneration(old.userId);
    expect(await sessions().find(old.id)).toBe(null);
    const fresh = await inserted(old.userId);
    expect(await sessions().find(old.id)).toBe(null);
    expect(await sessions().find(fresh.id)).toEqual(fresh);
    expect((await sessions().listLive(old.userId, now)).map(({ id }) => id)).toEqual([fresh.id]);
  });

  it('a generation forgotten after an end of all brings nothing back', async () => {
    const ended = await inserted();
    await given.forgetList(ended.userId);
    await sessions().endAll(ended.userId, now, 'password_changed');
    await given.forgetGeneration(ended.userId);
    await inserted(ended.userId);
    expect((await sessions().find(ended.id))?.endedAt ?? 'gone').not.toBe(null);
  });

  it('sparing a session brings it back neither from a forgotten generation nor from an earlier end of all', async () => {
    const forgotten = await inserted();
    await given.forgetGeneration(forgotten.userId);
    await sessions().endAll(forgotten.userId, now, 'logout_all', forgotten.id);
    expect((await sessions().find(forgotten.id))?.endedAt ?? 'gone').not.toBe(null);
    const ended = await inserted();
    await given.forgetList(ended.userId);
    await sessions().endAll(ended.userId, now, 'password_changed');
    await sessions().endAll(ended.userId, now, 'logout_all', ended.id);
    expect((await sessions().find(ended.id))?.endedAt ?? 'gone').not.toBe(null);
  });

  it('spares one session again and again, and ends it when it is spared no more', async () => {
    const spared = await inserted();
    for (let round = 0; round < 3; round++) {
      const doomed = await inserted(spared.userId);
      expect(await sessions().endAll(spared.userId, now, 'logout_all', spared.id)).toEqual([doomed.id]);
      expect(await sessions().find(spared.id)).toEqual(spared);
    }
    expect(await sessions().endAll(spared.userId, now, 'banned')).toEqual([spared.id]);
    expect((await sessions().find(spared.id))?.endReason).toBe('banned');
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
