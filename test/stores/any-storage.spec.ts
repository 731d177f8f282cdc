import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RefreshTokenStore } from '../../src/sessions/refresh-token.store.js';
import { SessionStore } from '../../src/sessions/session.store.js';
import { Storage } from '../../src/sessions/storage.js';
import { MemoryAtomicPrimitives } from '../../src/stores/memory/memory-atomic-primitives.js';
import { MemoryRefreshTokenStore } from '../../src/stores/memory/memory-refresh-token.store.js';
import { MemoryRevocationFeed } from '../../src/stores/memory/memory-revocation.feed.js';
import { MemorySessionStore } from '../../src/stores/memory/memory-session.store.js';
import { exerciseSessionStore } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';

/** What an application's own folder would hold, with the parts of another for its stores: it is the seam that is tried. It cannot push. */
@Injectable()
class DrawerStorage extends Storage {
  readonly name = 'drawer';
  readonly feed = null;
  readonly sessions = new MemorySessionStore(new MemoryRevocationFeed());
  readonly refreshTokens = new MemoryRefreshTokenStore();
  readonly atomics = new MemoryAtomicPrimitives();
  isOpen = false;

  override async open(): Promise<void> {
    this.isOpen = true;
  }

  async ping(): Promise<void> {}
}

const features = [{ name: 'drawer', storages: { drawer: DrawerStorage } }];

describe('a storage of one’s own is one feature and one name', () => {
  it.each(['session', 'jwt'] as const)('in which a login by %s lives, and ends when it was ended', async (strategy) => {
    const app = await bootHost({ options: { sessionStore: 'drawer', authStrategies: [strategy] }, features });
    const user = await app.logIn({ strategy });
    const drawer = app.app.get(DrawerStorage, { strict: false });
    expect(drawer.isOpen).toBe(true);
    expect(await drawer.sessions.find(user.sessionId)).toMatchObject({ id: user.sessionId, endedAt: null });
    expect((await user.get('/auth/me')).body.session.id).toBe(user.sessionId);
    if (strategy === 'jwt') expect((await user.post('/auth/refresh', {})).status).toBe(200);
    expect((await user.post('/auth/logout', {})).status).toBe(204);
    expect((await user.get('/auth/me')).status).toBe(401);
    expect(await drawer.sessions.find(user.sessionId)).toMatchObject({ endedAt: expect.any(Date) });
    await app.close();
  });

  exerciseSessionStore({ describe, it, expect, beforeAll, afterAll }, async () => {
    const app = await bootHost({ options: { sessionStore: 'drawer' }, features });
    const store = app.app.get(SessionStore, { strict: false });
    return { store, makeUser: async () => randomUUID(), close: () => app.close() };
  });

  it('that is not chosen is never opened', async () => {
    const app = await bootHost({ features });
    expect(app.app.get(DrawerStorage, { strict: false }).isOpen).toBe(false);
    expect(app.app.get(SessionStore, { strict: false })).not.toBeInstanceOf(MemorySessionStore);
    expect(app.app.get(RefreshTokenStore, { strict: false })).not.toBeInstanceOf(MemoryRefreshTokenStore);
    await app.close();
  });

  it('stops the start under a name that no feature brings', async () => {
    await expect(bootHost({ options: { sessionStore: 'drawer' } })).rejects.toThrow(
      /SESSION_STORE contains an unknown name/,
    );
  });
});
