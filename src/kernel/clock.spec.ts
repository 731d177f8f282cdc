import { SystemClock } from './clock.js';

class LaterClock extends SystemClock {
  override now(): Date {
    return new Date('2030-01-01T00:00:00Z');
  }
}

describe('the clock of the machine', () => {
  it('of which a host replaces `now` alone tells one time, whichever way it is asked', () => {
    const clock = new LaterClock();
    expect(clock.milliseconds()).toBe(clock.now().getTime());
    expect(clock.in(60)).toEqual(new Date('2030-01-01T00:01:00Z'));
  });

  it('is shifted by its offset, whichever way it is asked', () => {
    const [before, clock] = [Date.now(), new SystemClock(3600)];
    for (const time of [clock.milliseconds(), clock.now().getTime()])
      expect(time).toBeGreaterThanOrEqual(before + 3_600_000);
  });
});
