import { Logger } from '@nestjs/common';
import type { SessionStore, SessionTouch } from './session.store.js';
import { SessionTouches } from './session-touches.js';

/** Only what last-seen updates use; the rules of `touch` are the stores' own suites'. */
class Touches {
  readonly written: ReadonlyMap<string, SessionTouch>[] = [];
  isDown = false;

  async touchAll(touches: ReadonlyMap<string, SessionTouch>): Promise<void> {
    if (this.isDown) throw new Error('out of reach');
    this.written.push(touches);
  }
}

const at = (second: number) => ({ lastSeenAt: new Date(second * 1000), idleExpiresAt: new Date(second * 2000) });

describe('last-seen updates', () => {
  let store: Touches;
  let touches: SessionTouches;
  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new Touches();
    touches = new SessionTouches(store as unknown as SessionStore);
  });

  it('are written together, the latest of each session', async () => {
    touches.record('a', at(1));
    touches.record('b', at(2));
    touches.record('a', at(3));
    await touches.flush();
    expect(store.written).toEqual([
      new Map([
        ['a', at(3)],
        ['b', at(2)],
      ]),
    ]);
    expect(touches.latest('a')).toBeUndefined();
  });

  it('are known until they are written', () => {
    touches.record('a', at(1));
    expect(touches.latest('a')).toEqual(at(1));
  });

  it('wait for a store that is out of reach', async () => {
    store.isDown = true;
    touches.record('a', at(1));
    await touches.flush();
    expect(touches.latest('a')).toEqual(at(1));
    store.isDown = false;
    await touches.flush();
    expect(store.written).toEqual([new Map([['a', at(1)]])]);
  });

  it('are written before the application ends', async () => {
    touches.record('a', at(1));
    await touches.beforeApplicationShutdown();
    expect(store.written).toHaveLength(1);
  });

  it('go out a thousand at a time', async () => {
    for (let id = 0; id < 2500; id += 1) touches.record(String(id), at(1));
    await touches.flush();
    expect(store.written.map(({ size }) => size)).toEqual([1000, 1000, 500]);
  });
});
