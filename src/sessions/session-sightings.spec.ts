import { Logger } from '@nestjs/common';
import type { SessionSighting, SessionStore } from './session.store.js';
import { SessionSightings } from './session-sightings.js';

/** Only what sightings use; the rules of `touch` are the stores' own suites'. */
class Sightings {
  readonly written: ReadonlyMap<string, SessionSighting>[] = [];
  isDown = false;

  async touchAll(sightings: ReadonlyMap<string, SessionSighting>): Promise<void> {
    if (this.isDown) throw new Error('out of reach');
    this.written.push(sightings);
  }
}

const at = (second: number) => ({ lastSeenAt: new Date(second * 1000), idleExpiresAt: new Date(second * 2000) });

describe('sightings', () => {
  let store: Sightings;
  let sightings: SessionSightings;
  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new Sightings();
    sightings = new SessionSightings(store as unknown as SessionStore);
  });

  it('are written together, the latest of each session', async () => {
    sightings.record('a', at(1));
    sightings.record('b', at(2));
    sightings.record('a', at(3));
    await sightings.flush();
    expect(store.written).toEqual([
      new Map([
        ['a', at(3)],
        ['b', at(2)],
      ]),
    ]);
    expect(sightings.latest('a')).toBeUndefined();
  });

  it('are known until they are written', () => {
    sightings.record('a', at(1));
    expect(sightings.latest('a')).toEqual(at(1));
  });

  it('wait for a store that is out of reach', async () => {
    store.isDown = true;
    sightings.record('a', at(1));
    await sightings.flush();
    expect(sightings.latest('a')).toEqual(at(1));
    store.isDown = false;
    await sightings.flush();
    expect(store.written).toEqual([new Map([['a', at(1)]])]);
  });

  it('are written before the application ends', async () => {
    sightings.record('a', at(1));
    await sightings.beforeApplicationShutdown();
    expect(store.written).toHaveLength(1);
  });

  it('go out a thousand at a time', async () => {
    for (let id = 0; id < 2500; id += 1) sightings.record(String(id), at(1));
    await sightings.flush();
    expect(store.written.map(({ size }) => size)).toEqual([1000, 1000, 500]);
  });
});
