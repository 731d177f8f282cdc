import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { PasskeyRecord, PasskeyStore } from '../factors/passkey/passkey.store.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that a passkey store brings to its contract suite. */
export interface PasskeyStoreSetup {
  readonly store: PasskeyStore;
  /** The id of a user that exists, a new one at each call. */
  makeUser(): Promise<string>;
  /** Runs `work` within a transaction, which its error undoes. Absent: the store takes part in none. */
  transaction?<T>(work: (within: EntityManager) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const NOW = new Date('2030-01-01T12:00:00.123Z');
const MANY = 50;
/** Of 32 bits, as WebAuthn counts. */
const MOST_USES = 4_294_967_295;
const NO_IDS = [randomUUID(), '', 'no-uuid', "' OR 1=1 --"];

/**
 * The rules every `PasskeyStore` keeps.
 *
 * @example
 * exercisePasskeyStore({ describe, it, expect, beforeAll, afterAll }, async () => ({ store, makeUser, close }))
 */
export function exercisePasskeyStore(framework: TestFramework, setup: () => Promise<PasskeyStoreSetup>): void {
  const { describe, beforeAll, afterAll } = framework;
  describe('a passkey store', () => {
    const suite = new PasskeyStoreSuite(framework);
    beforeAll(async () => {
      suite.setup = await setup();
    });
    afterAll(() => suite.setup.close());
    suite.insertAndFind();
    suite.uses();
    suite.names();
    suite.endings();
    suite.transactions();
  });
}

class PasskeyStoreSuite {
  setup!: PasskeyStoreSetup;

  constructor(private readonly framework: TestFramework) {}

  insertAndFind(): void {
    const { it, expect } = this.framework;
    it('finds a passkey as it was inserted, by its user and its credential id', async () => {
      const passkey = await this.inserted({
        transports: ['usb', 'nfc', 'a,b', '{"c"}'],
        name: 'Ada’s "❤" key',
        automatic: true,
      });
      expect(await this.store.findOf(passkey.userId, passkey.credentialId)).toEqual(passkey);
      expect(await this.store.listOf(passkey.userId)).toEqual([passkey]);
    });
    it('keeps the longest credential id and the highest counter', async () => {
      const credentialId = `${randomUUID()}${'A'.repeat(1364 - 36)}`;
      const passkey = await this.inserted({ credentialId, signatureCount: MOST_USES });
      expect(await this.store.findOf(passkey.userId, credentialId)).toEqual(passkey);
    });
    it('tells credential ids apart by their case, and finds none by its beginning', async () => {
      const { userId, credentialId } = await this.inserted({ credentialId: `${randomUUID()}aB` });
      expect(await this.store.findOf(userId, `${credentialId.slice(0, -2)}Ab`)).toBe(null);
      expect(await this.store.findOf(userId, credentialId.slice(0, -1))).toBe(null);
    });
    it('lists those of one user, the oldest first', async () => {
      const userId = await this.setup.makeUser();
      const ages = [2, 3, 1];
      const kept = await Promise.all(ages.map((seconds) => this.inserted({ userId, createdAt: before(seconds) })));
      await this.inserted();
      const [second, first, third] = kept.map(({ id }) => id);
      expect((await this.store.listOf(userId)).map(({ id }) => id)).toEqual([first, second, third]);
    });
    it('finds nothing for an id that no user has', async () => {
      const { credentialId } = await this.inserted();
      for (const id of NO_IDS) {
        expect(await this.store.listOf(id)).toEqual([]);
        expect(await this.store.findOf(id, credentialId)).toBe(null);
      }
    });
    it('lets two users have one credential id, and each finds their own', async () => {
      const one = await this.inserted();
      const other = await this.inserted({ credentialId: one.credentialId });
      expect(await this.store.findOf(one.userId, one.credentialId)).toEqual(one);
      expect(await this.store.findOf(other.userId, one.credentialId)).toEqual(other);
    });
    it(`of ${MANY} inserts of one credential id for one user at once exactly one answers true`, async () => {
      const passkey = await this.passkey();
      const answers = await atOnce(() => this.store.insert({ ...passkey, id: randomUUID() }));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await this.store.listOf(passkey.userId)).toHaveLength(1);
    });
  }

  uses(): void {
    const { it, expect } = this.framework;
    it('notes a use whose counter has risen, and no other that has not', async () => {
      const passkey = await this.inserted({ signatureCount: 7 });
      const use = { signatureCount: 8, backedUp: true, at: after(1) };
      expect(await this.store.recordUse(passkey.id, use)).toBe(true);
      for (const signatureCount of [8, 7, 0])
        expect(await this.store.recordUse(passkey.id, { signatureCount, backedUp: false, at: after(2) })).toBe(false);
      const used = { ...passkey, signatureCount: 8, backedUp: true, lastUsedAt: after(1) };
      expect(await this.store.findOf(passkey.userId, passkey.credentialId)).toEqual(used);
    });
    it('notes each use of one that does not count, until it does', async () => {
      const { id } = await this.inserted({ signatureCount: 0 });
      const use = (signatureCount: number) => this.store.recordUse(id, { signatureCount, backedUp: false, at: NOW });
      expect([await use(0), await use(0), await use(1), await use(0)]).toEqual([true, true, true, false]);
    });
    it(`of ${MANY} uses with one counter at once exactly one is noted`, async () => {
      const { id } = await this.inserted({ signatureCount: 1 });
      const use = { signatureCount: 2, backedUp: false, at: NOW };
      expect((await atOnce(() => this.store.recordUse(id, use))).filter(Boolean)).toHaveLength(1);
    });
    it('notes no use of one that is gone', async () => {
      const { id, userId } = await this.inserted({ signatureCount: 0 });
      await this.store.delete(userId, id);
      expect(await this.store.recordUse(id, { signatureCount: 1, backedUp: false, at: NOW })).toBe(false);
      expect(await this.store.listOf(userId)).toEqual([]);
    });
  }

  names(): void {
    const { it, expect } = this.framework;
    it('renames one of a user, and no other user’s', async () => {
      const passkey = await this.inserted();
      const stranger = await this.setup.makeUser();
      for (const userId of [stranger, ...NO_IDS])
        expect(await this.store.rename(userId, passkey.id, 'mine')).toBe(false);
      for (const id of NO_IDS) expect(await this.store.rename(passkey.userId, id, 'mine')).toBe(false);
      expect(await this.store.listOf(passkey.userId)).toEqual([passkey]);
      expect(await this.store.rename(passkey.userId, passkey.id, 'Key ring')).toBe(true);
      expect(await this.store.listOf(passkey.userId)).toEqual([{ ...passkey, name: 'Key ring' }]);
    });
  }

  endings(): void {
    const { it, expect } = this.framework;
    it('deletes one of a user, once, and no other user’s', async () => {
      const passkey = await this.inserted();
      const other = await this.inserted({ userId: passkey.userId });
      const stranger = await this.setup.makeUser();
      for (const userId of [stranger, ...NO_IDS]) expect(await this.store.delete(userId, passkey.id)).toBe(0);
      for (const id of NO_IDS) {
        expect(await this.store.delete(passkey.userId, id)).toBe(0);
        expect(await this.store.deleteAll(id)).toBe(0);
      }
      expect(await this.store.delete(passkey.userId, passkey.id)).toBe(1);
      expect(await this.store.delete(passkey.userId, passkey.id)).toBe(0);
      expect(await this.store.listOf(passkey.userId)).toEqual([other]);
    });
    it('deletes all of one user, and says how many', async () => {
      const userId = await this.setup.makeUser();
      const stranger = await this.inserted();
      await Promise.all([1, 2, 3].map(() => this.inserted({ userId })));
      expect(await this.store.deleteAll(userId)).toBe(3);
      expect(await this.store.deleteAll(userId)).toBe(0);
      expect(await this.store.listOf(stranger.userId)).toEqual([stranger]);
    });
  }

  transactions(): void {
    const { it, expect } = this.framework;
    it('undoes with a transaction what it did in it, and sees it until then', async () => {
      const { transaction } = this.setup;
      if (!transaction) return;
      const [kept, fresh] = [await this.inserted(), await this.passkey()];
      const undone = transaction.call(this.setup, async (within) => {
        expect(await this.store.insert(fresh, within)).toBe(true);
        expect(await this.store.listOf(fresh.userId, within)).toEqual([fresh]);
        expect(await this.store.delete(kept.userId, kept.id, within)).toBe(1);
        expect(await this.store.deleteAll(kept.userId, within)).toBe(0);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect(await this.store.listOf(fresh.userId)).toEqual([]);
      expect(await this.store.listOf(kept.userId)).toEqual([kept]);
    });
  }

  private get store(): PasskeyStore {
    return this.setup.store;
  }

  private async passkey(values: Partial<PasskeyRecord> = {}): Promise<PasskeyRecord> {
    return {
      id: randomUUID(),
      userId: values.userId ?? (await this.setup.makeUser()),
      credentialId: randomUUID(),
      publicKey: 'p'.repeat(103),
      signatureCount: 1,
      transports: ['internal'],
      aaguid: randomUUID(),
      backupEligible: true,
      backedUp: false,
      automatic: false,
      name: 'Firefox on Linux',
      createdAt: NOW,
      lastUsedAt: null,
      ...values,
    };
  }

  private async inserted(values: Partial<PasskeyRecord> = {}): Promise<PasskeyRecord> {
    const passkey = await this.passkey(values);
    this.framework.expect(await this.store.insert(passkey)).toBe(true);
    return passkey;
  }
}

function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

function before(seconds: number): Date {
  return after(-seconds);
}

function atOnce<T>(act: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: MANY }, act));
}
