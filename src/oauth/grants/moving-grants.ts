import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ReplacedSessions } from '../../sessions/replaced-sessions.js';
import { GrantEnds } from './grant-ends.js';

/** Has grants go on in the session that takes the place of theirs, after a step-up, a change of credentials or another login. */
@Injectable()
export class MovingGrants implements OnModuleInit {
  constructor(
    private readonly replaced: ReplacedSessions,
    private readonly ends: GrantEnds,
  ) {}

  onModuleInit(): void {
    this.replaced.on(async (before, next) => void (await this.ends.move(before.id, next.id)));
  }
}
