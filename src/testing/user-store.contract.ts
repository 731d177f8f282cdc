import { randomUUID } from 'node:crypto';
import type { NewUser, UserRecord, UserStore } from '../users/user.store.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that a user store brings to its contract suite. */
export interface UserStoreSetup {
  readonly store: UserStore;
  close(): Promise<void>;
}

type Person = UserRecord & { readonly email: string };

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const NO_IDS = [randomUUID(), '', 'no-uuid', "' OR 1=1 --", `${randomUUID()}\u0000`];
const AT = new Date('2030-01-01T12:00:00.123Z');
/** The state after the first verification. */
const PROVEN = { emailVerifiedAt: AT, firstVerifiedAt: AT };
const MANY = 50;

/**
 * The rules every `UserStore` keeps.
 *
 * @example
 * exerciseUserStore({ describe, it, expect, beforeAll, afterAll }, async () => ({ store, close }))
 */
export function exerciseUserStore(framework: TestFramework, setup: () => Promise<UserStoreSetup>): void {
  const { describe, beforeAll, afterAll } = framework;
  describe('a user store', () => {
    const suite = new UserStoreSuite(framework);
    beforeAll(async () => {
      suite.setup = await setup();
    });
    afterAll(() => suite.setup.close());
    suite.insertAndFind();
    suite.services();
    suite.update();
    suite.address();
    suite.endings();
    suite.races();
  });
}

class UserStoreSuite {
  setup!: UserStoreSetup;

  constructor(private readonly framework: TestFramework) {}

  insertAndFind(): void {
    const { it, expect } = this.framework;
    it('finds a user as it was inserted, by id and by address', async () => {
      const user = await this.inserted({
        name: 'Ada "❤" O’Brien',
        emailVerifiedAt: AT,
        roles: ['admin', 'a,b', '{"c"}'],
      });
      expect(user.id).toMatch(UUID_V7);
      expect(await this.store.find(user.id)).toEqual(user);
      expect(await this.store.findByEmail(user.email)).toEqual(user);
    });
    it('gives a new user no role, no verified address and no ban', async () => {
      const user = await this.inserted();
      expect(await this.store.find(user.id)).toEqual(user);
      const { name, emailVerifiedAt, roles, bannedAt, createdAt } = user;
      expect({ name, emailVerifiedAt, roles, bannedAt }).toEqual({
        name: null,
        emailVerifiedAt: null,
        roles: [],
        bannedAt: null,
      });
      expect(createdAt instanceof Date).toBe(true);
    });
    it('refuses a taken address and leaves its user as it was', async () => {
      const user = await this.inserted({ name: 'first' });
      expect(await this.store.insert({ email: user.email, name: 'second', roles: ['admin'] })).toBe(null);
      expect(await this.store.findByEmail(user.email)).toEqual(user);
    });
    it('finds no user by an id or an address it does not know, or that is none', async () => {
      for (const id of NO_IDS) expect(await this.store.find(id)).toBe(null);
      for (const email of [freshEmail(), '', "' OR 1=1 --", '%'])
        expect(await this.store.findByEmail(email)).toBe(null);
    });
  }

  services(): void {
    const { it, expect } = this.framework;
    it('keeps any number of service users, none of whom has an address', async () => {
      const [one, other] = [await this.service('orders'), await this.service('orders')];
      expect(one.id === other.id).toBe(false);
      const { kind, email, emailVerifiedAt, name, roles } = one;
      const made = { kind: 'service', email: null, emailVerifiedAt: null, name: 'orders', roles: ['clerk'] };
      expect({ kind, email, emailVerifiedAt, name, roles }).toEqual(made);
      expect(await this.store.find(one.id)).toEqual(one);
    });
    it('finds no service user by an address, an empty one or a word for none', async () => {
      await this.service('orders');
      for (const none of ['', 'null', 'NULL', 'undefined']) expect(await this.store.findByEmail(none)).toBe(null);
    });
    it('changes, bans and deletes a service user like any other', async () => {
      const user = await this.service('orders');
      expect(await this.store.update(user.id, { roles: [], bannedAt: AT })).toBe(true);
      expect(await this.store.find(user.id)).toEqual({ ...user, roles: [], bannedAt: AT, revision: 2 });
      expect(await this.store.delete(user.id)).toBe(true);
      expect(await this.store.find(user.id)).toBe(null);
    });
    it('gives a user the kind person by default', async () => {
      expect((await this.inserted()).kind).toBe('person');
    });
  }

  update(): void {
    const { it, expect } = this.framework;
    it('changes what is given and nothing else', async () => {
      const user = await this.inserted({ name: 'Ada', roles: ['admin'] });
      const other = await this.inserted();
      expect(await this.store.update(user.id, { emailVerifiedAt: AT, bannedAt: AT })).toBe(true);
      expect(await this.store.find(user.id)).toEqual({ ...user, ...PROVEN, bannedAt: AT, revision: 2 });
      expect(await this.store.update(user.id, { bannedAt: null, name: null, roles: ['a', 'b'] })).toBe(true);
      const changed = { ...user, ...PROVEN, bannedAt: null, name: null, roles: ['a', 'b'], revision: 3 };
      expect(await this.store.find(user.id)).toEqual(changed);
      expect(await this.store.find(other.id)).toEqual(other);
    });
    it('takes an empty change, and one that says undefined, for none', async () => {
      const user = await this.inserted({ name: 'Ada' });
      expect(await this.store.update(user.id, {})).toBe(true);
      expect(await this.store.update(user.id, { name: undefined })).toBe(true);
      expect(await this.store.find(user.id)).toEqual(user);
    });
    it('says false for a user that does not exist', async () => {
      for (const id of NO_IDS) {
        expect(await this.store.update(id, { name: 'Eve' })).toBe(false);
        expect(await this.store.update(id, {})).toBe(false);
      }
    });
  }

  address(): void {
    const { it, expect } = this.framework;
    it('moves a user to another address, and counts it', async () => {
      const user = await this.inserted();
      const email = freshEmail();
      expect(await this.store.update(user.id, { email, emailVerifiedAt: AT })).toBe(true);
      const moved = { ...user, email, ...PROVEN, revision: 2 };
      expect(await this.store.findByEmail(email)).toEqual(moved);
      expect(await this.store.findByEmail(user.email)).toBe(null);
      expect((await this.inserted({ email: user.email })).id === user.id).toBe(false);
    });
    it('refuses to move a user to a taken address, and leaves both as they were', async () => {
      const [user, other] = [await this.inserted(), await this.inserted()];
      expect(await this.codeOf(this.store.update(user.id, { email: other.email, name: 'Eve' }))).toBe('conflict');
      expect(await this.store.find(user.id)).toEqual(user);
      expect(await this.store.findByEmail(other.email)).toEqual(other);
    });
    it(`lets one of ${MANY} users move to an address they all want`, async () => {
      const users = await Promise.all(times(() => this.inserted()));
      const email = freshEmail();
      const codes = await Promise.all(users.map(({ id }) => this.codeOf(this.store.update(id, { email }))));
      expect(codes.filter((code) => code === true).length).toBe(1);
      expect(codes.filter((code) => code === 'conflict').length).toBe(MANY - 1);
      expect((await this.store.findByEmail(email))?.id).toBe(users[codes.indexOf(true)]!.id);
    });
  }

  endings(): void {
    const { it, expect } = this.framework;
    it(`counts ${MANY} concurrent session epochs, each caller one of its own`, async () => {
      const user = await this.inserted();
      const epochs = await Promise.all(times(() => this.store.beginSessionEpoch(user.id)));
      expect(new Set(epochs).size).toBe(MANY);
      expect(await this.store.find(user.id)).toEqual({ ...user, sessionEpoch: 1 + MANY });
    });
    it('keeps the one session that was excepted, with the epoch it was started in, until an end that spares it not', async () => {
      const user = await this.inserted();
      const exceptSessionId = randomUUID();
      expect(await this.store.beginSessionEpoch(user.id, undefined, exceptSessionId)).toBe(2);
      expect(await this.store.find(user.id)).toEqual({
        ...user,
        sessionEpoch: 2,
        exceptSessionId,
        exceptSessionEpoch: 1,
      });
      await this.store.beginSessionEpoch(user.id, undefined, exceptSessionId);
      expect(await this.store.find(user.id)).toEqual({
        ...user,
        sessionEpoch: 3,
        exceptSessionId,
        exceptSessionEpoch: 1,
      });
      const other = randomUUID();
      await this.store.beginSessionEpoch(user.id, undefined, other);
      const excepted = { exceptSessionId: other, exceptSessionEpoch: 3 };
      expect(await this.store.find(user.id)).toEqual({ ...user, sessionEpoch: 4, ...excepted });
      await this.store.beginSessionEpoch(user.id);
      expect(await this.store.find(user.id)).toEqual({ ...user, sessionEpoch: 5 });
    });
    it('remembers when an address was verified first, whatever is verified later', async () => {
      const user = await this.inserted();
      expect(user.firstVerifiedAt).toBe(null);
      await this.store.update(user.id, { emailVerifiedAt: AT });
      await this.store.update(user.id, { email: freshEmail(), emailVerifiedAt: null });
      expect((await this.store.find(user.id))?.firstVerifiedAt).toEqual(AT);
      await this.store.update(user.id, { emailVerifiedAt: new Date(AT.getTime() + 1) });
      expect((await this.store.find(user.id))?.firstVerifiedAt).toEqual(AT);
      expect((await this.inserted({ emailVerifiedAt: AT })).firstVerifiedAt).toEqual(AT);
    });
    it('deletes a user once, and sets the address free', async () => {
      const user = await this.inserted();
      const other = await this.inserted();
      const deleted = await Promise.all(times(() => this.store.delete(user.id)));
      expect(deleted.filter((done) => done).length).toBe(1);
      expect(await this.store.find(user.id)).toBe(null);
      expect(await this.store.findByEmail(user.email)).toBe(null);
      expect(await this.store.find(other.id)).toEqual(other);
      expect((await this.inserted({ email: user.email })).id === user.id).toBe(false);
    });
    it('begins another epoch for a user with the id of one who was deleted: sessions outlive users', async () => {
      const id = randomUUID();
      const before = await this.inserted({ id });
      expect([before.id, await this.store.delete(id)]).toEqual([id, true]);
      const after = await this.inserted({ id });
      expect([after.id, after.sessionEpoch === before.sessionEpoch]).toEqual([id, false]);
    });
    it('neither begins an epoch for nor deletes a user that does not exist', async () => {
      for (const id of NO_IDS) {
        expect(await this.store.beginSessionEpoch(id)).toBe(null);
        expect(await this.store.delete(id)).toBe(false);
      }
    });
  }

  races(): void {
    const { it, expect } = this.framework;
    it(`lets one of ${MANY} concurrent inserts of one address win`, async () => {
      const email = freshEmail();
      const results = await Promise.all(times((i) => this.store.insert({ email, name: `racer ${i}` })));
      const winners = results.filter((user) => user !== null);
      expect(winners.length).toBe(1);
      expect(await this.store.findByEmail(email)).toEqual(winners[0]);
    });
    it(`keeps ${MANY} concurrent changes of different fields`, async () => {
      const user = await this.inserted();
      const changes = [{ name: 'Ada' }, { roles: ['admin'] }, { emailVerifiedAt: AT }, { bannedAt: AT }];
      await Promise.all(times((i) => this.store.update(user.id, changes[i % changes.length]!)));
      const counted = { ...PROVEN, revision: 1 + times((i) => i).filter((i) => i % changes.length !== 0).length };
      expect(await this.store.find(user.id)).toEqual(Object.assign({ ...user }, ...changes, counted));
    });
  }

  private async codeOf(pending: Promise<boolean>): Promise<unknown> {
    return pending.catch((error) => (error as { code?: unknown }).code);
  }

  private get store(): UserStore {
    return this.setup.store;
  }

  private async service(name: string): Promise<UserRecord> {
    const user = await this.store.insert({ kind: 'service', email: null, name, roles: ['clerk'] });
    if (!user) throw new Error('a service user was refused');
    return user;
  }

  private async inserted(given: Partial<NewUser> & { readonly email?: string } = {}): Promise<Person> {
    const email = given.email ?? freshEmail();
    const user = await this.store.insert({ name: null, ...given, email });
    if (!user) throw new Error('a free address was refused');
    return { ...user, email };
  }
}

function freshEmail(): string {
  return `${randomUUID()}@example.com`;
}

function times<T>(make: (i: number) => T): T[] {
  return Array.from({ length: MANY }, (_, i) => make(i));
}
