import { connect } from 'node:net';
import type { MemcachedStorage } from '../../src/stores/memcached/memcached.storage.js';
import { parseMemcachedUrl } from '../../src/stores/memcached/memcached-address.js';
import { MemcachedConnection } from '../../src/stores/memcached/memcached-connection.js';
import { MemcachedSessionStore } from '../../src/stores/memcached/memcached-session.store.js';
import { isInstalled, type OwnServer, ownServer } from '../servers-of-this-run.js';
import { aSession, NO_IDS } from './a-session.js';
import { exerciseForgetting } from './forgetful-store.js';
import { openMemcached } from './store-setups.js';

const onMemcached = isInstalled('memcached') ? describe : describe.skip;

onMemcached('the Memcached storage', () => {
  let server: OwnServer;
  let storage: MemcachedStorage;

  beforeAll(async () => {
    server = await ownServer('memcached');
    storage = await openMemcached(server.url);
  });

  afterAll(async () => {
    storage.onApplicationShutdown();
    await server.end();
  });

  exerciseForgetting(async () => ({
    storage,
    forgetList: (userId) => forget(server, `coatcheck:user:${userId}`),
    forgetSession: (id) => forget(server, `coatcheck:session:${id}`),
    forgetRefreshTokens: (id) => forget(server, `coatcheck:refresh:${id}`),
  }));

  it('a session that is listed and not yet kept looks once it is kept, so that no two logins at once go beyond the bound', async () => {
    const session = aSession();
    let reach!: () => void;
    let open!: () => void;
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    class PausingConnection extends MemcachedConnection {
      override async add(...given: Parameters<MemcachedConnection['add']>): Promise<boolean> {
        if (given[0].startsWith('coatcheck:session:')) {
          reach();
          await opened;
        }
        return super.add(...given);
      }
    }
    const slow = new PausingConnection(parseMemcachedUrl(server.url));
    await slow.open();
    const bound = { most: 1, inForce: { epochSum: session.epochSum, excepted: null }, endReason: 'too_many' };
    const inserting = new MemcachedSessionStore(slow).insert(session, undefined, bound);
    await reached;
    const second = aSession({ userId: session.userId });
    expect(await storage.sessions.insert(second, undefined, bound)).toEqual([]);
    open();
    // It was entered first, so it is the one too many.
    expect(await inserting).toEqual([session.id]);
    const { sessions } = await storage.sessions.listLive(session.userId, new Date(), { after: null, limit: 10 });
    expect(sessions.map(({ id }) => id)).toEqual([second.id]);
    slow.close();
  });

  it('lets nothing that is no id become a key', async () => {
    const before = await talk(server, 'stats items\r\n');
    const now = new Date();
    for (const id of NO_IDS) {
      expect(await storage.sessions.find(id)).toBe(null);
      expect(await storage.sessions.consumeLive(id, now, 'logout')).toBe(null);
      expect(await storage.sessions.markSuperseded(id, 99, now, 'logout_all', id)).toBe(0);
      expect(await storage.refreshTokens.exists(id, 'R1')).toBe(false);
      await expect(storage.sessions.insert(aSession({ id }))).rejects.toThrow(TypeError);
      await expect(storage.sessions.insert(aSession({ userId: id }))).rejects.toThrow(TypeError);
    }
    expect(numbers(await talk(server, 'stats items\r\n'))).toEqual(numbers(before));
  });

  it('takes no value for its own that was written under another key', async () => {
    const [mine, theirs] = [aSession(), aSession()];
    await storage.sessions.insert(mine);
    await storage.sessions.insert(theirs);
    const found = await talk(server, `get coatcheck:session:${theirs.id}\r\n`);
    const value = found.slice(found.indexOf('\r\n') + 2, found.lastIndexOf('\r\nEND'));
    await talk(server, `set coatcheck:session:${mine.id} 0 0 ${Buffer.byteLength(value)}\r\n${value}\r\n`);
    expect(await storage.sessions.find(mine.id)).toBe(null);
  });

  it('keeps everything of a session that lives longer than thirty days', async () => {
    const session = aSession({ absoluteExpiresAt: new Date(Date.now() + 400 * 86_400_000) });
    await storage.sessions.insert(session);
    expect(await storage.sessions.find(session.id)).toEqual(session);
  });

  it('spreads over several servers, and ends all sessions of a user wherever they are', async () => {
    const second = await ownServer('memcached');
    const both = await openMemcached(`${server.url},${second.url.replace('memcached://', '')}`);
    const sessions = Array.from({ length: 20 }, () => aSession());
    const userId = sessions[0]!.userId;
    for (const session of sessions) await both.sessions.insert({ ...session, userId });
    const counts = await Promise.all(
      [server, second].map(async (one) => /curr_items (\d+)/.exec(await talk(one, 'stats\r\n'))![1]),
    );
    expect(counts.every((count) => Number(count) > 3)).toBe(true);
    expect(await both.sessions.markSuperseded(userId, 99, new Date(), 'banned')).toBe(20);
    both.onApplicationShutdown();
    await second.end();
  });
});

async function forget(server: OwnServer, key: string): Promise<void> {
  expect(await talk(server, `delete ${key}\r\n`)).toContain('DELETED');
}

/** Speaks the text protocol, as an admin with telnet would. */
function talk({ url }: OwnServer, command: string): Promise<string> {
  const { host, port } = parseMemcachedUrl(url)!.servers[0]!;
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, host, () => socket.write(command)).on('error', reject);
    socket.on('data', (data) => {
      heard += String(data);
      if (!/(DELETED|NOT_FOUND|STORED|END)\r\n$/.test(heard)) return;
      socket.destroy();
      resolve(heard);
    });
  });
}

function numbers(stats: string): string[] {
  return [...stats.matchAll(/items:\d+:number \d+/g)].map(String);
}
