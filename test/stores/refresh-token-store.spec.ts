import { mintSecretToken } from '../../src/kernel/secret-token.js';
import type { SessionStore } from '../../src/sessions/session.store.js';
import { exerciseRefreshTokenStore } from '../../src/testing/refresh-token-store.contract.js';
import { storages } from './store-setups.js';

for (const [name, open] of Object.entries(storages)) {
  describe(`on ${name}`, () => {
    exerciseRefreshTokenStore({ describe, it, expect, beforeAll, afterAll }, async () => {
      const { storage, makeUser, close } = await open();
      const makeSession = async () => insertSession(storage.sessions, await makeUser());
      return { store: storage.refreshTokens, makeSession, close };
    });
  });
}

async function insertSession(sessions: SessionStore, userId: string): Promise<string> {
  const { id, secretHash } = mintSecretToken();
  const now = new Date();
  await sessions.insert({
    id,
    userId,
    secretHash,
    epochSum: 1,
    impersonatorId: null,
    onlyFor: null,
    transport: 'split',
    impersonatorEpochSum: null,
    strategy: 'jwt',
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: now,
    absoluteExpiresAt: now,
    ip: null,
    userAgent: null,
    amr: [],
    claims: null,
    claimsRevision: null,
    metadata: null,
    endedAt: null,
    endReason: null,
  });
  return id;
}
