import { Injectable } from '@nestjs/common';
import { type SessionSnapshot, SnapshotSource } from '../revocation/session-view.js';
import { toAuthUser, UserStore } from '../users/user.store.js';
import { deviceName } from './device-name.js';
import { SessionStore } from './session.store.js';

/** Joins a session with its user, each from whatever store the application uses. */
@Injectable()
export class StoredSnapshots extends SnapshotSource {
  /** Calls to stores so far. */
  storeCalls = 0;

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
    this.storeCalls += 1;
    const session = await this.sessions.find(sessionId);
    if (!session) return null;
    this.storeCalls += 1;
    const user = await this.users.find(session.userId);
    if (!user) return null;
    const { userId: _, endReason: __, ...known } = session;
    return {
      ...known,
      device: deviceName(session.userAgent),
      user: toAuthUser(user),
      userBanned: user.bannedAt !== null,
    };
  }
}
