import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { WriteBehind } from '../../kernel/write-behind.js';
import { RefreshTokenStore } from '../../sessions/refresh-token.store.js';

/**
 * Notes the first use of each access token that came with a refresh: until then the response may have been lost, and its client may ask for
 * it again. By session, the latest. Not at once, but before anything else is decided about the session on this node.
 */
@Injectable()
export class TokenUses extends WriteBehind<string, Date> implements BeforeApplicationShutdown {
  constructor(store: RefreshTokenStore) {
    const logger = new Logger('jwt');
    super({
      write: (issuedAt) => store.noteUses(issuedAt),
      // While the store is out of reach, nothing can be refreshed either.
      onFailure: ({ message }) => logger.warn(`the first use of access tokens could not be noted yet: ${message}`),
      delayMilliseconds: 50,
      merge: (earlier, later) => new Date(Math.max(earlier.getTime(), later.getTime())),
    });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.end();
  }
}
