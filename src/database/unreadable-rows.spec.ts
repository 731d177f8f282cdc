import { QueryFailedError } from 'typeorm';
import { Batcher } from '../kernel/batcher.js';
import { readInstant } from '../kernel/instant.js';
import { eachRowAlone } from './unreadable-rows.js';

describe('a look-up of many rows', () => {
  const requested: string[][] = [];
  const failing = (isBad: (key: string) => boolean, error: () => Error) =>
    new Batcher(
      eachRowAlone(async (keys: readonly string[]) => {
        requested.push([...keys]);
        if (keys.some(isBad)) throw error();
        return keys.map((key) => `row of ${key}`);
      }),
    );
  const unreadable = () => {
    try {
      readInstant(null, 'column');
    } catch (error) {
      return new QueryFailedError('SELECT', [], error as Error);
    }
    throw new Error('was read');
  };
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  beforeEach(() => {
    requested.length = 0;
  });

  it.each([[['d']], [['a', 'g']], [['a', 'b', 'c', 'd', 'e', 'f']]])(
    'fails only those whose row cannot be read: %p',
    async (bad) => {
      const rows = failing((key) => bad.includes(key), unreadable);
      // The first leaves alone, the others together.
      const found = await Promise.allSettled(['first', ...keys].map((key) => rows.load(key)));
      expect(requested.slice(0, 2)).toEqual([['first'], keys]);
      expect(found.slice(1).map(({ status }) => status)).toEqual(
        keys.map((key) => (bad.includes(key) ? 'rejected' : 'fulfilled')),
      );
      const read = found.slice(1).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(read).toEqual(keys.filter((key) => !bad.includes(key)).map((key) => `row of ${key}`));
      expect(found.filter(({ status }) => status === 'rejected')).toEqual(
        bad.map(() => ({ status: 'rejected', reason: expect.objectContaining({ name: 'QueryFailedError' }) })),
      );
    },
  );

  it('fails all by what concerns all, and asks no more', async () => {
    const rows = failing(
      (key) => key === 'd',
      () => new Error('out of reach'),
    );
    const found = await Promise.allSettled(['first', ...keys].map((key) => rows.load(key)));
    expect(found.map(({ status }) => status)).toEqual(['fulfilled', ...keys.map(() => 'rejected')]);
    expect(requested).toEqual([['first'], keys]);
  });
});
