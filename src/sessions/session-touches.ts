import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { WriteBehind } from '../kernel/write-behind.js';
import { SessionStore, type SessionTouch } from './session.store.js';

/** Updates `last_seen_at` behind the requests, many sessions at a time. */
@Injectable()
export class SessionTouches extends WriteBehind<string, SessionTouch> implements BeforeApplicationShutdown {
  constructor(store: SessionStore) {
    const logger = new Logger('sessions');
    super({
      write: (touches) => store.touchAll(touches),
      // While the store is out of reach, sessions may seem idle for longer than they were.
      onFailure: ({ message }) => logger.warn(`the last use of sessions could not be stored yet: ${message}`),
      delayMilliseconds: 1_000,
    });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.end();
  }
}
