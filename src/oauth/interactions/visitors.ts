import { Injectable } from '@nestjs/common';
import { RequestRecognizer } from '../../access/request-recognizer.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { AuthUser, SessionAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';

/** Whose browser it is. To a client only `signed-in` is a user. */
export type Visitor =
  | { readonly is: 'nobody' }
  /** Must enrol a factor first. */
  | { readonly is: 'enrolling' }
  /** An admin who acts as this user, which is no login of the user's. */
  | { readonly is: 'acting'; readonly user: AuthUser }
  | { readonly is: 'signed-in'; readonly user: AuthUser; readonly auth: SessionAuth };

/** Recognises who asks for a page that is open to everyone, by the session of the browser. */
@Injectable()
export class Visitors {
  constructor(private readonly recognizer: RequestRecognizer) {}

  /** A session that is over has no user. @throws AuthError `unavailable` when it cannot be told */
  async of(request: HttpRequest): Promise<Visitor> {
    if (!this.recognizer.isTicketPresent(request)) return { is: 'nobody' };
    try {
      const { context } = await this.recognizer.recognize(request, ['session']);
      if (context.by !== 'session') return { is: 'nobody' };
      const { user, session } = context;
      if (session.impersonatorId !== null) return { is: 'acting', user };
      return session.onlyFor === null ? { is: 'signed-in', user, auth: context } : { is: 'enrolling' };
    } catch (error) {
      if (error instanceof AuthError && error.status < 500) return { is: 'nobody' };
      throw error;
    }
  }
}
