import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/** Browsers that a user has logged in from, and those on which no second factor is asked for. */
@Injectable()
export class RememberedDevices extends StatementHolding {
  readonly name = 'remembered_devices';
  readonly column = 'rememberedDevices';

  statements({ userId }: Ending, bind: Bind): readonly string[] {
    return [`DELETE FROM known_devices WHERE user_id = ${bind(userId)}`];
  }
}
