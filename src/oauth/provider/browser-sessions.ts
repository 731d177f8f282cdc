import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { RequestRecognizer } from '../../access/request-recognizer.js';
import { AuthError } from '../../kernel/auth-error.js';
import { asHttpRequest } from './raw-request.js';
import type { BrowserSession } from './request-state.js';

/** Who is logged in, in the browser that sends a request. */
@Injectable()
export class BrowserSessions {
  constructor(private readonly recognizer: RequestRecognizer) {}

  /**
   * Null when no user is: also for an admin who acts as a user, and for a session that is only good for enrolling a factor, which are no login of
   * that user here.
   *
   * @throws AuthError `unavailable` when it cannot be told
   */
  async of(request: IncomingMessage): Promise<BrowserSession | null> {
    if (request.headers.cookie === undefined) return null;
    try {
      const { context } = await this.recognizer.recognize(asHttpRequest(request), ['session']);
      if (context.by !== 'session') return null;
      const { user, session } = context;
      if (session.impersonatorId !== null || session.onlyFor !== null) return null;
      const { id, authenticatedAt, amr } = session;
      return Object.freeze({ id, user, authenticatedAt, amr });
    } catch (error) {
      if (error instanceof AuthError && error.status < 500) return null;
      throw error;
    }
  }
}
