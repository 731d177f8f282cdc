import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { Clock } from '../kernel/clock.js';
import { Notifications } from '../mail/notifications.js';
import type { UserRecord } from '../users/user.store.js';
import { UserDirectory } from '../users/user-directory.js';
import type { AdminAlert } from './security-mail-templates.js';

/** Whether the user is an admin; a service user never is, whatever its roles. */
export function isAdmin({ kind, roles }: Pick<UserRecord, 'kind' | 'roles'>): boolean {
  return kind === 'person' && roles.includes(ADMIN_ROLE);
}

/** The audit's mark of an event that concerns an admin, beside the event itself. */
export function markOf(user: Pick<UserRecord, 'kind' | 'roles'>): { readonly ofAdmin?: true } {
  return isAdmin(user) ? { ofAdmin: true } : {};
}

/** Tells admins what one of them does to another, or makes of a user: no one becomes an admin, or takes one over, unseen. */
@Injectable()
export class AdminAlerts {
  constructor(
    private readonly directory: UserDirectory,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  /**
   * Tells all but the one it happens to, and the acting admin too: another person may act in their name.
   *
   * @param tx the transaction of what it tells of
   * @param elsewhere what people call the provider whose word it was, where no admin acted
   */
  async send(
    change: AdminAlert,
    { id, email }: Pick<UserRecord, 'id' | 'email'>,
    actorId: string | null,
    tx: EntityManager,
    elsewhere?: string,
  ): Promise<void> {
    const now = this.clock.now();
    const readers = await this.directory.listAdmins(now, tx);
    const by = readers.find((reader) => reader.id === actorId)?.email ?? elsewhere ?? null;
    const values = {
      at: now.toISOString(),
      change,
      by,
      isCommandLine: actorId === null && elsewhere === undefined,
      account: email,
    };
    for (const reader of readers)
      if (reader.id !== id) await this.notifications.send('admin-alert', reader, values, tx);
  }
}
