import { Injectable } from '@nestjs/common';
import { RequestRecognizer } from '../../access/request-recognizer.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { AuthError } from '../../kernel/auth-error.js';

/** Whether a page that is open to everyone is asked for by a user who is signed in already. */
@Injectable()
export class SignedIn {
  constructor(private readonly recognizer: RequestRecognizer) {}

  /** False for a session that is over, or good for enrolling only. @throws AuthError `unavailable` when it cannot be told */
  async isSo(request: HttpRequest): Promise<boolean> {
    if (!this.recognizer.isTicketPresent(request)) return false;
    try {
      const { context } = await this.recognizer.recognize(request, ['session']);
      return context.by === 'session' && context.session.onlyFor === null;
    } catch (error) {
      if (error instanceof AuthError && error.status < 500) return false;
      throw error;
    }
  }
}
