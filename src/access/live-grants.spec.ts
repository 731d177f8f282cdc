import { EventEmitter } from 'node:events';
import type { AuthContext, AuthUser } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import type { Subject } from '../revocation/revocation-feed.js';
import { RevocationWatch } from '../revocation/revocation-watch.js';
import { FakeClock } from '../testing/fake-clock.js';
import { LiveConnections } from './live-connections.js';
import { TicketStrategy, type Verdict } from './ticket-strategy.js';

const user = { id: 'ada', kind: 'person', roles: [], revision: 1 } as unknown as AuthUser;

/** Of an application: what a user allowed it hangs on a session of theirs, and may move to another. */
class AppStrategy extends TicketStrategy {
  override readonly name = 'apps';
  override readonly challenge = null;
  isOver = false;

  override verify(): Verdict {
    throw new AuthError('unauthenticated');
  }

  override subjectsOf(): readonly [Subject, ...Subject[]] {
    return ['grant:1', 'session:2', 'client:https://app.example.com:8443/x'];
  }

  override recheck(): Date | null {
    if (this.isOver) throw new AuthError('unauthenticated');
    return null;
  }
}

class Socket extends EventEmitter {
  isDestroyed = false;
  destroy() {
    this.isDestroyed = true;
  }
}

const auth = (scopes: readonly string[] = [], expiresAt = new Date('2027-01-01')): AuthContext => ({
  by: 'oauth',
  strategy: 'apps',
  user,
  credential: { id: '1', name: null, createdAt: new Date(), lastUsedAt: null, expiresAt },
  scopes,
  permissions: [],
});

/** Longer than a look at a ticket takes, and no time that anybody waits for. */
const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
};

describe('a connection of an application', () => {
  const strategy = new AppStrategy();
  let connections: LiveConnections;
  let socket: Socket;

  beforeEach(async () => {
    strategy.isOver = false;
    connections = new LiveConnections([strategy], new RevocationWatch(null), new FakeClock());
    socket = new Socket();
    connections.track(socket, auth());
    await turns();
  });
  afterEach(() => connections.beforeApplicationShutdown());

  it('is closed when what its user allowed has ended', () => {
    connections.apply({ subject: 'grant:1', kind: 'ended' });
    expect(socket.isDestroyed).toBe(true);
  });

  it.each<Subject>(['session:2', 'client:https://app.example.com:8443/x', 'user:ada'])(
    'is looked at when %s has ended: it may hang on something else by now',
    async (subject) => {
      connections.apply({ subject, kind: 'ended' });
      await turns();
      expect(socket.isDestroyed).toBe(false);
      strategy.isOver = true;
      connections.apply({ subject, kind: 'ended' });
      await turns();
      expect(socket.isDestroyed).toBe(true);
    },
  );

  it.each<Subject>(['session:3', 'client:https://app.example.com', 'grant:11', 'key:1'])(
    'is no concern of %s',
    async (subject) => {
      strategy.isOver = true;
      connections.apply({ subject, kind: 'ended' });
      await turns();
      expect(socket.isDestroyed).toBe(false);
    },
  );

  it('is one of its own token: neither the scopes nor the end of another of the same grant', () => {
    const [wider, later] = [new Socket(), new Socket()];
    connections.track(wider, auth(['orders:write']));
    connections.track(later, auth([], new Date('2028-01-01')));
    expect(connections.size).toBe(3);
    expect(connections.authOf(socket)).toMatchObject({ scopes: [] });
    expect(connections.authOf(wider)).toMatchObject({ scopes: ['orders:write'] });
    expect(connections.authOf(later)).toMatchObject({ credential: { expiresAt: new Date('2028-01-01') } });
  });
});
