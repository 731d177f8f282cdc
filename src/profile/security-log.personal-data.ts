import { Injectable } from '@nestjs/common';
import { SecurityLog, type SecurityLogEntry } from '../audit/security-log.js';
import { PersonalData } from '../kernel/personal-data.js';

const TOGETHER = 200;

/** The user's own security log. */
@Injectable()
export class SecurityLogPersonalData extends PersonalData {
  readonly name = 'securityLog';

  constructor(private readonly log: SecurityLog) {
    super();
  }

  async *pagesOf(userId: string): AsyncGenerator<SecurityLogEntry[]> {
    for (let before: string | undefined; ; ) {
      const { entries, next } = await this.log.page(userId, { before, limit: TOGETHER });
      yield entries;
      if (next === null) return;
      before = next;
    }
  }
}
