import { Injectable } from '@nestjs/common';
import { EmailVerifiedHooks } from '../users/email-verified.hooks.js';
import { UserStore } from '../users/user.store.js';
import { SessionService } from './session.service.js';

/**
 * Ends every session from before the mailbox's owner first proved to read it: until then anybody may have registered the
 * address and logged in (pre-hijacking). Only where `EMAIL_VERIFICATION=optional` can there be any.
 */
@Injectable()
export class PlantedSessions {
  constructor(hooks: EmailVerifiedHooks, sessions: SessionService, users: UserStore) {
    // Also those whose login is under way at this moment.
    hooks.add(async ({ userId }, manager) => void (await users.beginSessionEpoch(userId, manager)));
    hooks.addAfterwards(async ({ userId }) => {
      await sessions.endAllFor(userId, 'email_verified');
    });
  }
}
