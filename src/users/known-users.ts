import { Injectable } from '@nestjs/common';
import { RecognisedUsers } from '../access/recognised-users.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { type CredentialView, CredentialViews, type Kept } from '../revocation/credential-view.js';
import { type Ban, isBanned, UserStore } from './user.store.js';

/** More users than that, and the longest known is asked for again. */
const VIEW_SIZE = 10_000;

interface KnownUser extends Kept, Ban {}

/** The standing of users, asked once and then answered from this node's view, which every change of the user makes void. */
@Injectable()
export class KnownUsers extends RecognisedUsers {
  private readonly view: CredentialView<KnownUser>;

  constructor(
    views: CredentialViews,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {
    super();
    this.view = views.createView(VIEW_SIZE, users.announces);
  }

  assertMayPass(userId: string): void | Promise<void> {
    const known = this.view.peek(userId);
    if (known) return this.judge(known);
    return this.view.load(userId, () => this.load(userId)).then((found) => this.judge(found));
  }

  private async load(id: string): Promise<KnownUser> {
    const user = await this.users.find(id);
    if (!user) throw new AuthError('unauthenticated', { reason: 'recognised_user_unknown' });
    const { bannedAt, bannedUntil, createdAt } = user;
    return { subjects: [`user:${user.id}`], bannedAt, bannedUntil, createdAt };
  }

  private judge(user: KnownUser): void {
    if (isBanned(user, this.clock.now())) throw new AuthError('session_ended', { reason: 'user_banned' });
  }
}
