import { Injectable } from '@nestjs/common';
import { type SessionSnapshot, SnapshotSource } from '../revocation/session-view.js';
import { toAuthUser, UserStore } from '../users/user.store.js';
import { deviceName } from './device-name.js';
import { SessionStore, type SessionWithUser } from './session.store.js';

/** Joins a session with its user, each from whatever store the application uses; in one statement where both are in one. */
@Injectable()
export class StoredSnapshots extends SnapshotSource {
  /** Calls to stores so far. */
  storeCalls = 0;
  private find: ((sessionId: string) => Promise<SessionWithUser | null>) | undefined;

  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
  ) {
    super();
  }

  /** Somebody's own store that announces nothing would be believed for ever. */
  get isAnnounced(): boolean {
    return this.sessions.announces && this.users.announces;
  }

  async load(sessionId: string): Promise<SessionSnapshot | null> {
    // Not earlier: a DataSource knows its tables once it is initialised.
    this.find ??= this.joined() ?? ((id) => this.findOneByOne(id));
    this.storeCalls += 1;
    const found = await this.find(sessionId);
    if (!found) return null;
    const { userId: _, endReason: __, sessionEpoch, ...known } = found.session;
    return {
      ...known,
      device: deviceName(found.session.userAgent),
      user: toAuthUser(found.user),
      userBanned: found.user.bannedAt !== null,
      isSuperseded: sessionEpoch !== found.user.sessionEpoch,
    };
  }

  private joined() {
    const { table } = this.users;
    return table && this.sessions.joinedWith(table);
  }

  private async findOneByOne(sessionId: string): Promise<SessionWithUser | null> {
    const session = await this.sessions.find(sessionId);
    if (!session) return null;
    this.storeCalls += 1;
    const user = await this.users.find(session.userId);
    return user && { session, user };
  }
}
