import { Injectable } from '@nestjs/common';
import type { AuthSession } from '../kernel/auth-context.js';
import { PersonalData } from '../kernel/personal-data.js';
import type { SessionPosition } from './live-part.js';
import { SessionService } from './session.service.js';

const TOGETHER = 100;

/** Live sessions. Of those that have ended the security log tells. */
@Injectable()
export class SessionPersonalData extends PersonalData {
  readonly name = 'sessions';

  constructor(private readonly sessions: SessionService) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<object[]> {
    for (let after: SessionPosition | null = null; ; ) {
      const { sessions, next }: { sessions: readonly AuthSession[]; next: SessionPosition | null } =
        await this.sessions.listOf(userId, after, TOGETHER);
      yield sessions.filter(({ impersonatorId }) => impersonatorId === null).map(exported);
      if (next === null) return;
      after = next;
    }
  }

  override async countEnding(userId: string): Promise<number> {
    let count = 0;
    for await (const page of this.pagesOf(userId)) count += page.length;
    return count;
  }
}

function exported(session: AuthSession): object {
  const { id, strategy, createdAt, authenticatedAt, lastSeenAt, expiresAt, ip, userAgent, amr, metadata } = session;
  return { id, strategy, createdAt, authenticatedAt, lastSeenAt, expiresAt, ip, userAgent, amr, metadata };
}
