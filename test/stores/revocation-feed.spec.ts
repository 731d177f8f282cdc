import { exerciseRevocationFeed } from '../../src/testing/revocation-feed.contract.js';
import { isInstalled } from '../servers-of-this-run.js';
import { onOwnRedis, storages } from './store-setups.js';

const { Redis: _, 'Redis Cluster': __, Memcached: memcached, ...others } = storages;
const pushing = {
  ...others,
  ...(isInstalled('redis-server') && {
    Redis: () => onOwnRedis('redis'),
    'Redis Cluster': () => onOwnRedis('redis-cluster'),
  }),
};

if (memcached) {
  it('there is none on Memcached', async () => {
    const { storage, close } = await memcached();
    expect(storage.feed).toBe(null);
    await close();
  });
}

for (const [name, open] of Object.entries(pushing)) {
  describe(`on ${name}`, () => {
    exerciseRevocationFeed({ describe, it, expect, beforeAll, afterAll }, async () => {
      const { storage, makeUser, close } = await open();
      return { feed: storage.feed!, sessions: storage.sessions, makeUser, close };
    });
  });
}
