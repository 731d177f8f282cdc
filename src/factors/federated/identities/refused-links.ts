import { Injectable } from '@nestjs/common';
import { Options } from '../../../config/options.js';
import { Clock } from '../../../kernel/clock.js';
import { PagePaths } from '../../../pages/page-paths.js';
import { isServed } from '../../../pages/pages-options.js';
import { SecurityNotifications } from '../../../security/security-notifications.js';
import { AtomicPrimitives } from '../../../sessions/atomic-primitives.js';
import type { UserRecord } from '../../../users/user.store.js';
import type { Connection } from '../connections/connection.js';
import { labelOf } from '../connections/connection-label.js';

/** No stranger fills a mailbox by logging in again and again. */
const ONE_EACH_SECONDS = 900;

/**
 * Tells the user of an address that a person who has it at a provider was refused. The link in the mail proves nothing and links nothing: it leads to
 * the page on which the user, logged in as today, links a login of their own.
 */
@Injectable()
export class RefusedLinks {
  private readonly hasPages: boolean;

  constructor(
    private readonly notifications: SecurityNotifications,
    private readonly atomics: AtomicPrimitives,
    private readonly paths: PagePaths,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.hasPages = isServed('account', options);
  }

  /** At most once in a while, whatever the connection. */
  async tell({ id, email }: UserRecord, connection: Connection): Promise<void> {
    const now = this.clock.now();
    const allowance = { limit: 1, windowSeconds: ONE_EACH_SECONDS, now };
    if (!(await this.atomics.addIfBelow(`federated-refused:${id}`, allowance)).added) return;
    const page = this.hasPages ? this.paths.addressOf(`/account/identities?connection=${connection.slug}`) : null;
    const values = { at: now.toISOString(), provider: labelOf(connection), page };
    await this.notifications.sendTo('linked-login-refused', { id, email }, values);
  }
}
