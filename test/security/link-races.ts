import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { EmailChanges } from '../../src/users/email-changes.js';
import { MailedTokens } from '../../src/users/mailed-tokens.js';
import { expected, freshAddress } from './holder.js';

/** Mailed links, each with what it is for, where it is used and what the audit calls its use. */
export const LINKS = {
  verify: { column: 'verificationLinks', path: '/auth/email/verify', uses: ['email.verified'] },
  reset: { column: 'resetLinks', path: '/auth/password/reset', uses: ['password.reset', 'email.verified'] },
  unlock: { column: 'unlockLinks', path: '/auth/unlock', uses: ['login.unlocked'] },
  confirm: { column: 'emailChangeLinks', path: '/auth/email/change/confirm', uses: ['email.changed'] },
  undo: { column: 'undoLinks', path: '/auth/email/change/undo', uses: ['email.change_undone'] },
  notMe: {
    column: 'notMeLinks',
    path: '/auth/security/not-me',
    uses: ['takeover.reported', 'email.change_undone'],
  },
} as const;
export type Link = keyof typeof LINKS;

const PURPOSES = { verify: 'email-verification', reset: 'password-reset', unlock: 'unlock', notMe: 'not-me' } as const;
const PASSWORD = 'an engine weaves algebra';

/** A user with a good link of each kind, and another one of those that an event is made of. */
export class LinkOwner {
  readonly links = {} as Record<Link | 'otherUndo', string>;
  session: TestUser | null = null;

  private constructor(
    readonly app: AuthTestApp,
    readonly admin: TestUser,
    readonly id: string,
    readonly email: string,
  ) {}

  static async make(app: AuthTestApp, admin: TestUser, isUnproven: boolean): Promise<LinkOwner> {
    const email = freshAddress();
    const order = { email, password: PASSWORD, emailVerified: true };
    const { id } = await expected(201, admin.post('/admin/users', order));
    const owner = new LinkOwner(app, admin, id, email);
    const first = isUnproven ? 'NULL' : 'first_verified_at';
    // Only an address that is not verified now has a link that verifies.
    await owner.database.query(
      `UPDATE coatcheck.users SET email_verified_at = NULL, first_verified_at = ${first} WHERE id = $1`,
      [id],
    );
    await owner.getLinks();
    return owner;
  }

  get database(): DataSource {
    return this.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  async logIn(): Promise<void> {
    this.session = await this.app.logInAgain({ email: this.email, password: PASSWORD, transport: 'cookie' });
  }

  use(link: Link, token = this.links[link]): Promise<TestReply> {
    const password = link === 'reset' ? { password: 'seventeen quiet otters' } : {};
    return this.app.client().post(LINKS[link].path, { token, ...password });
  }

  byAdmin(method: string, path: string, body?: object): Promise<TestReply> {
    return this.admin.request(method, `/admin/users/${this.id}${path}`, body);
  }

  bySession(path: string, body: object): Promise<TestReply> {
    return this.session!.post(path, body);
  }

  changePassword(): Promise<TestReply> {
    return this.bySession('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'nine quiet walruses' });
  }

  /** Events of this user in the order in which they were done: each appends to the feed once, with the head of it locked. */
  async history(): Promise<string[]> {
    const rows = await this.database.query(
      `SELECT event.type FROM coatcheck.revocations news JOIN coatcheck.audit_events event ON event.xmin = news.xmin AND event.user_id = $2
        WHERE news.subject = $1 ORDER BY news.seq`,
      [`user:${this.id}`, this.id],
    );
    return rows.map(({ type }: { type: string }) => type);
  }

  /** Lets requests come as far as the lock of the user's row, one behind the other, and then go on in that order. */
  async inTurn(...requests: (() => Promise<TestReply>)[]): Promise<TestReply[]> {
    const runner = this.database.createQueryRunner();
    await runner.startTransaction();
    const replies: Promise<TestReply>[] = [];
    try {
      await runner.query('SELECT id FROM coatcheck.users WHERE id = $1 FOR UPDATE', [this.id]);
      for (const [i, send] of requests.entries()) {
        let early: TestReply | undefined;
        replies.push(send().then((reply) => (early = reply)));
        while ((await this.waiting()) <= i) {
          if (early) throw new Error(`did not wait for the user's lock: ${early.status} ${early.text}`);
        }
      }
    } finally {
      await runner.commitTransaction();
      await runner.release();
    }
    return Promise.all(replies);
  }

  /** Not asked within the transaction that they wait for: it would not see connections that were opened since. */
  private async waiting(): Promise<number> {
    const [row] = await this.database.query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return row.count;
  }

  private async getLinks(): Promise<void> {
    const tokens = this.app.app.get(MailedTokens, { strict: false });
    const user = { id: this.id, email: this.email };
    const lifetimeSeconds = 3600;
    for (const [link, purpose] of Object.entries(PURPOSES))
      this.links[link as Link] = (await tokens.issue({ purpose, user, lifetimeSeconds })).token;
    const changes = this.app.app.get(EmailChanges, { strict: false });
    await this.database.transaction(async (tx) => {
      const wanted = freshAddress();
      const { id: originId } = await changes.request(user, wanted, tx);
      const to = { id: this.id, email: wanted };
      const confirm = { purpose: 'email-change', user: to, lifetimeSeconds, originId };
      this.links.confirm = (await tokens.issue(confirm, tx)).token;
      for (const name of ['undo', 'otherUndo'] as const) {
        const undo = { purpose: 'email-change-undo', user, lifetimeSeconds, originId };
        this.links[name] = (await tokens.issue(undo, tx)).token;
      }
    });
  }
}
