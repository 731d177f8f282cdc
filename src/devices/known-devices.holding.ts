import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../security/holding.js';
import { StatementHolding } from '../security/statement-holding.js';

/** Browsers that a user has logged in from, and those on which no second factor is asked for. */
@Injectable()
export class KnownDevicesHolding extends StatementHolding {
  readonly name = 'known_devices';
  readonly column = 'knownDevices';

  statements({ userId, event }: Ending, bind: Bind): readonly string[] {
    const user = bind(userId);
    const known = `DELETE FROM coatcheck.known_devices WHERE user_id = ${user}`;
    // What is new to a user is told by their history: it outlives what the devices may do, but not who planted it, nor the user.
    const isOver = event === 'deleted' || event === 'mailbox_proven';
    return isOver ? [known, `DELETE FROM coatcheck.device_history WHERE user_id = ${user}`] : [known];
  }
}
