import { Injectable } from '@nestjs/common';
import { RecognisedUsers } from '../access/recognised-users.js';
import { AuthError } from '../kernel/auth-error.js';
import { type CredentialView, CredentialViews, type Kept } from '../revocation/credential-view.js';
import { banEndOf, UserStore } from './user.store.js';

/** More users than that, and the longest known is asked for again. */
const VIEW_SIZE = 10_000;

interface KnownUser extends Kept {
  readonly bannedUntil: Date | null;
}

/** The status of users, asked once and then answered from this node's view, which every change of the user makes void. */
@Injectable()
export class KnownUsers extends RecognisedUsers {
  private readonly view: CredentialView<KnownUser>;

  constructor(
    views: CredentialViews,
    private readonly users: UserStore,
  ) {
    super();
    this.view = views.createView(VIEW_SIZE, users.announces);
  }

  bannedUntil(userId: string): Date | null | Promise<Date | null> {
    const known = this.view.peek(userId);
    if (known) return known.bannedUntil;
    return this.view.load(userId, () => this.load(userId)).then(({ bannedUntil }) => bannedUntil);
  }

  private async load(id: string): Promise<KnownUser> {
    const user = await this.users.find(id);
    if (!user) throw new AuthError('unauthenticated', { reason: 'recognised_user_unknown' });
    return { subjects: [`user:${user.id}`], bannedUntil: banEndOf(user) };
  }
}
