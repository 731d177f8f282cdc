import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { RequestOrigin } from '../access/request-origin.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Revocations } from '../revocation/revocations.js';
import { MailedTokens } from '../users/mailed-tokens.js';
import { type SecurityChange, SecurityChangeHooks, type SecurityChangeName } from '../users/security-change.hooks.js';
import { UserStore } from '../users/user.store.js';
import { RevocationPolicy } from './revocation-policy.js';
import { SessionService } from './session.service.js';

/** A change somebody wants to make. */
export interface ChangeOrder {
  readonly name: SecurityChangeName;
  /** Null: it comes from no request. */
  readonly origin: RequestOrigin | null;
  /** Who makes it, when that is not the user: an operator. */
  readonly actorId?: string | null;
  /** What the operator says about it, for the audit. */
  readonly reason?: string;
  /** What else the audit is to know; no secret. */
  readonly details?: Readonly<Record<string, string>>;
  /** The session it is made in: not ended here when the rule spares it. Who orders the change renews it. */
  readonly sessionId?: string;
}

/** One that was made. */
export interface MadeChange extends SecurityChange {
  /** In which a session that outlives the change must be started; null when none was ended. */
  readonly sessionEpoch: number | null;
}

/** Makes changes together with all that ends by them (`revocation-policy.ts`). */
@Injectable()
export class SecurityChanges {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly tokens: MailedTokens,
    private readonly sessions: SessionService,
    private readonly revocations: Revocations,
    private readonly policy: RevocationPolicy,
    private readonly hooks: SecurityChangeHooks,
    private readonly audit: AuditSink,
  ) {}

  /**
   * Runs `write`, the hooks and the audit in one transaction, which also ends the sessions: whatever happens to this process
   * afterwards, they are over. Returns when no node accepts them any more.
   *
   * @param write makes the change and returns whose it is; it must have locked the user (`UserStore.find` within `manager`)
   *   before it changes anything of theirs
   */
  async make(order: ChangeOrder, write: (manager: EntityManager) => Promise<string>): Promise<MadeChange> {
    const rule = this.policy.ruleFor(order.name);
    const made = await this.dataSource.transaction((manager) => this.makeWithin(manager, order, write));
    await this.revocations.settle([{ subject: `user:${made.userId}`, kind: 'changed' }]);
    const spared = rule.sessions === 'others' ? order.sessionId : undefined;
    // Their rows say it too, and each is told to the audit and to the views.
    if (rule.sessions !== 'none') {
      const { origin, actorId } = order;
      await this.sessions.endAllFor(made.userId, order.name, spared, { origin, actorId });
    }
    await this.hooks.runOnceMade(made);
    return made;
  }

  private async makeWithin(
    manager: EntityManager,
    { name, origin, sessionId, actorId, reason, details }: ChangeOrder,
    write: (manager: EntityManager) => Promise<string>,
  ): Promise<MadeChange> {
    const { sessions, links } = this.policy.ruleFor(name);
    const userId = await write(manager);
    for (const purpose of links) await this.tokens.consumeAll(userId, purpose, manager);
    await this.hooks.run({ name, userId }, manager);
    const who = { userId, actorId, sessionId, origin };
    await this.audit.record({ ...details, type: `users.${name}`, ...who, reason }, manager);
    const sessionEpoch = sessions === 'none' ? null : await this.users.beginSessionEpoch(userId, manager);
    // Whatever was or was not announced so far, so that settling it once is right.
    await this.revocations.announce([{ subject: `user:${userId}`, kind: 'changed' }], manager);
    return { name, userId, sessionEpoch };
  }
}
