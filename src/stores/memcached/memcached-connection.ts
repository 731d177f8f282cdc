import type { MemcachedAddress } from './memcached-address.js';
import { type Answer, type Command, MemcachedClient, unavailable } from './memcached-client.js';
import { bigEndian, expiryFor, extrasFor, NOT_CREATED } from './memcached-extras.js';
import { importMemjs, type Memjs } from './memjs.js';

const PATIENCE_AT_START_MS = 2_000;
/** How long a writer goes on while other nodes come in between; each round has a winner, and chance decides who. */
const PATIENCE_AMONG_WRITERS_MS = 2_000;
/** So often a writer tries at least, however long this process was kept from running. */
const LEAST_ROUNDS = 20;
const LONGEST_PAUSE_MS = 20;
const OPCODE = { get: 0x00, set: 0x01, add: 0x02, delete: 0x04, increment: 0x05, decrement: 0x06, noop: 0x0a };
const STATUS = { ok: 0x00, notFound: 0x01, exists: 0x02 };
/** Refused credentials, out of memory, busy, for the moment. */
const NOT_NOW = new Set([0x08, 0x09, 0x20, 0x82, 0x85, 0x86]);

/** A value read, and what is needed to change exactly that. */
export interface Held<T> {
  readonly key: string;
  readonly value: T;
  readonly cas: Buffer;
  readonly connection: object;
}

/** The fate of a key: `write` replaces the value, `remove` deletes it, neither leaves it. */
export interface Change<T, R> {
  readonly write?: { readonly value: T; readonly lifeSeconds: number };
  readonly remove?: true;
  readonly result: R;
}

/** The way to Memcached: JSON values, each changed only as it was read. Every call ends within seconds. */
export class MemcachedConnection {
  private links: MemcachedClient[] = [];
  /** The last change under way or waiting of each key. */
  private readonly lines = new Map<string, Promise<unknown>>();
  private memjs: Memjs | null = null;

  /** @param address null when none is configured: then it must never be opened */
  constructor(private readonly address: MemcachedAddress | null) {}

  /** Resolves when all servers have answered, or after a moment without. @throws ConfigurationError without the package */
  async open(): Promise<void> {
    if (!this.address) throw new TypeError('memcachedUrl is missing');
    const { servers, username, password } = this.address;
    const memjs = await importMemjs();
    this.memjs = memjs;
    this.links = servers.map(({ host, port }) => new MemcachedClient(memjs, { host, port, username, password }));
    const giveUpAt = performance.now() + PATIENCE_AT_START_MS;
    while (performance.now() < giveUpAt) {
      try {
        return await this.ping();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** @throws AuthError `unavailable` unless every server answers */
  async ping(): Promise<void> {
    if (this.links.length === 0) throw unavailable('not connected');
    await Promise.all(this.links.map((link) => link.exchange({ opcode: OPCODE.noop, key: '' })));
  }

  close(): void {
    for (const link of this.links) link.close();
    this.links = [];
  }

  /** Null when it is not there, or was forgotten. @throws AuthError `unavailable` */
  async get<T>(key: string): Promise<Held<T> | null> {
    const answer = await this.send({ opcode: OPCODE.get, key });
    if (answer?.header.status !== STATUS.ok) return null;
    const text = answer.val.toString('utf8');
    // Each value begins with its key: should an answer ever be mixed up, it is no one's rather than another's.
    if (!text.startsWith(`${key}\n`)) return null;
    const value = JSON.parse(text.slice(key.length + 1)) as T;
    return { key, value, cas: Buffer.from(answer.header.cas), connection: answer.connection };
  }

  /** Writes where nothing is. Exactly one of several receives true. @throws AuthError `unavailable` */
  async add(key: string, value: unknown, lifeSeconds: number): Promise<boolean> {
    const command = { opcode: OPCODE.add, key, extras: extrasFor(lifeSeconds), value: textOf(key, value) };
    return (await this.send(command))?.header.status === STATUS.ok;
  }

  /**
   * Reads a key, lets `decide` say what becomes of it, and does that unless another client changed it meanwhile; then again
   * from the start. Changes of one key by this node wait for each other, so that only other nodes can come in between.
   *
   * @throws AuthError `unavailable`
   */
  async change<T, R>(key: string, decide: (value: T | null) => Change<T, R>): Promise<R> {
    const before = this.lines.get(key);
    const mine = (async () => {
      await before?.catch(() => undefined);
      return this.changeAmongNodes(key, decide);
    })();
    this.lines.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.lines.get(key) === mine) this.lines.delete(key);
    }
  }

  private async changeAmongNodes<T, R>(key: string, decide: (value: T | null) => Change<T, R>): Promise<R> {
    const giveUpAt = performance.now() + PATIENCE_AMONG_WRITERS_MS;
    for (let round = 0; round < LEAST_ROUNDS || performance.now() < giveUpAt; round++) {
      const held = await this.get<T>(key);
      const change = decide(held?.value ?? null);
      if (await this.apply(key, held, change)) return change.result;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(round, LONGEST_PAUSE_MS)));
    }
    throw unavailable('too many writers of one key');
  }

  /** Adds one to a number, or begins with 1; answers the sum. Blocks no other caller. @throws AuthError `unavailable` */
  async increment(key: string, lifeSeconds: number): Promise<number> {
    const extras = Buffer.concat([bigEndian(1), bigEndian(1), expiryFor(lifeSeconds)]);
    const answer = await this.send({ opcode: OPCODE.increment, key, extras });
    if (answer?.header.status !== STATUS.ok) throw unavailable('no number there');
    return Number(answer.val.readBigUInt64BE());
  }

  /** Takes one back, unless the number was forgotten. @throws AuthError `unavailable` */
  async decrement(key: string): Promise<void> {
    const extras = Buffer.concat([bigEndian(1), bigEndian(0), NOT_CREATED]);
    await this.send({ opcode: OPCODE.decrement, key, extras });
  }

  /** Whatever is there, a value or a number. @throws AuthError `unavailable` */
  async remove(key: string): Promise<void> {
    await this.send({ opcode: OPCODE.delete, key });
  }

  /**
   * Sends one command to the server that has its key.
   *
   * @returns null when the connection `only` has ended
   * @throws AuthError `unavailable`
   */
  async send(command: Command, only?: object): Promise<Answer | null> {
    const link = this.links[this.memjs ? this.memjs.Utils.hashCode(command.key) % this.links.length : 0];
    if (!link) throw unavailable('not connected');
    const answer = await link.exchange(command, only);
    const status = answer?.header.status ?? STATUS.exists;
    if (NOT_NOW.has(status)) throw unavailable(`status ${status}`);
    if (status > STATUS.exists && status !== 0x05) throw new Error(`memcached refused a command with status ${status}`);
    return answer;
  }

  private async apply<T>(key: string, held: Held<T> | null, { write, remove }: Change<T, unknown>): Promise<boolean> {
    if (remove && held) return this.overwrite(held, { opcode: OPCODE.delete, key });
    if (!write) return true;
    if (!held) return this.add(key, write.value, write.lifeSeconds);
    const value = textOf(key, write.value);
    return this.overwrite(held, { opcode: OPCODE.set, key, extras: extrasFor(write.lifeSeconds), value });
  }

  private async overwrite({ cas, connection }: Held<unknown>, command: Command): Promise<boolean> {
    // A server that restarted counts its marks from the beginning: one from before must not fit by chance.
    return (await this.send({ ...command, cas }, connection))?.header.status === STATUS.ok;
  }
}

/** What the protocol calls it. */
export function commandOf({ opcode }: Command): string {
  return Object.entries(OPCODE).find(([, known]) => known === opcode)?.[0] ?? 'other';
}

function textOf(key: string, value: unknown): string {
  return `${key}\n${JSON.stringify(value)}`;
}
