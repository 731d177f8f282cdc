import { WriteBehind } from './write-behind.js';

const HOUR = 3_600_000;

describe('values written behind', () => {
  let written: ReadonlyMap<string, number[]>[];
  let failures: string[];
  let write: (batch: ReadonlyMap<string, number[]>) => Promise<void>;
  let behind: WriteBehind<string, number[]>;
  beforeEach(() => {
    written = [];
    failures = [];
    write = async (batch) => void written.push(batch);
    behind = new WriteBehind({
      write: (batch) => write(batch),
      onFailure: ({ message }) => void failures.push(message),
      delayMilliseconds: HOUR,
    });
  });
  afterEach(() => {
    write = async () => {};
    return behind.flush();
  });

  const outOfReach = async () => {
    throw new Error('out of reach');
  };

  it('are written together, the latest of each key', async () => {
    behind.set('a', [1]);
    behind.set('b', [2]);
    behind.set('a', [3]);
    await behind.flush();
    expect(written).toEqual([
      new Map([
        ['a', [3]],
        ['b', [2]],
      ]),
    ]);
    expect(behind.unwritten('a')).toBeUndefined();
  });

  it('are written by themselves after the delay', async () => {
    const done = new Promise<void>((resolve) => {
      write = async () => resolve();
    });
    behind = new WriteBehind({ write: (batch) => write(batch), onFailure: () => {}, delayMilliseconds: 1 });
    behind.set('a', [1]);
    await done;
  });

  it('are known until they are written, and can be changed until they are being written', async () => {
    let finish: () => void = () => {};
    write = (batch) =>
      new Promise((resolve) => {
        written.push(batch);
        finish = resolve;
      });
    behind.set('a', [1]);
    behind.pending('a')!.push(2);
    const flushed = behind.flush();
    await Promise.resolve();
    expect([behind.unwritten('a'), behind.pending('a')]).toEqual([[1, 2], undefined]);
    behind.set('a', [3]);
    expect(behind.unwritten('a')).toEqual([3]);
    finish();
    await flushed;
    expect([written, behind.unwritten('a')]).toEqual([[new Map([['a', [1, 2]]])], [3]]);
  });

  it('wait for a store that is out of reach, and count as one with what came meanwhile', async () => {
    const sums = new WriteBehind<string, number[]>({
      write: (batch) => write(batch),
      onFailure: ({ message }) => void failures.push(message),
      delayMilliseconds: HOUR,
      merge: (earlier, later) => [...earlier, ...later],
    });
    write = outOfReach;
    for (const each of [behind, sums]) {
      each.set('a', [1]);
      const flushed = each.flush();
      await Promise.resolve();
      each.set('a', [2]);
      await flushed;
    }
    expect([behind.unwritten('a'), sums.unwritten('a')]).toEqual([[2], [1, 2]]);
    expect(failures).toEqual(['out of reach', 'out of reach']);
    write = async (batch) => void written.push(batch);
    await sums.flush();
    expect([written, sums.unwritten('a')]).toEqual([[new Map([['a', [1, 2]]])], undefined]);
  });

  it('go out a thousand at a time; of a failure in the middle nothing is written twice', async () => {
    for (let key = 0; key < 2500; key += 1) behind.set(String(key), [key]);
    write = async (batch) => {
      if (written.length === 1) return outOfReach();
      written.push(batch);
    };
    await behind.flush();
    expect(written.map(({ size }) => size)).toEqual([1000]);
    write = async (batch) => void written.push(batch);
    await behind.flush();
    expect(written.map(({ size }) => size)).toEqual([1000, 1000, 500]);
    expect(new Set(written.flatMap((batch) => [...batch.keys()])).size).toBe(2500);
  });

  it('are given up after the end, where they cannot be written then', async () => {
    behind = new WriteBehind({
      write: (batch) => write(batch),
      onFailure: ({ message }) => void failures.push(message),
      delayMilliseconds: HOUR,
    });
    behind.set('a', [1]);
    await behind.end();
    expect([written, failures]).toEqual([[new Map([['a', [1]]])], []]);
    write = outOfReach;
    behind.set('b', [2]);
    await behind.flush();
    expect([behind.unwritten('b'), failures]).toEqual([undefined, ['out of reach']]);
    await behind.flush();
    expect(failures).toEqual(['out of reach']);
  });

  it('are lost beyond the capacity, but for keys that wait already', () => {
    behind = new WriteBehind({ write, onFailure: () => {}, delayMilliseconds: HOUR, capacity: 1 });
    behind.set('a', [1]);
    behind.set('b', [1]);
    behind.set('a', [2]);
    expect([behind.unwritten('a'), behind.unwritten('b')]).toEqual([[2], undefined]);
  });
});
