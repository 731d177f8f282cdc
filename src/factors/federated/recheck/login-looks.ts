import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Options } from '../../../config/options.js';
import { Clock } from '../../../kernel/clock.js';
import { inTime } from '../../../kernel/in-time.js';
import { FactorSessions } from '../../../login/factor-sessions.js';
import type { Connection } from '../connections/connection.js';
import { Connections } from '../connections/connections.js';
import { federatedOptions } from '../federated-options.js';
import type { Upstream, UpstreamCheck } from '../upstreams/upstream.js';
import { Upstreams } from '../upstreams/upstreams.js';
import { CheckQueue, type ClaimedLogin, type LookResult } from './check-queue.js';
import { CheckTimes, earliest } from './check-times.js';
import { FederatedEnds } from './federated-ends.js';
import { RecheckTally } from './recheck-metrics.js';
import { SealedTokens } from './sealed-tokens.js';

/** Answers that a check may have to wait for: metadata, token, keys, and one more. */
const ANSWERS_OF_A_CHECK = 4;

/** Between tries to store an answer. */
const STORING_PAUSES_SECONDS = [0.2, 1, 5];

/** The login stays claimed: the node that looks at it next knows that an answer is missing. */
export class AnswerNotStored extends Error {
  override readonly name = 'AnswerNotStored';
}

/** The outcome of asking. */
type Asked = UpstreamCheck & {
  /** Whether an answer was lost that may have replaced the token. */
  readonly wasLost: boolean;
};

/** Looks at one login elsewhere: whether anything rests on it still, and whether it stands. */
@Injectable()
export class LoginLooks {
  private readonly logger = new Logger('federated');
  /** Connections that give no answer, for the log. */
  private readonly silent = new Set<string>();
  private readonly answerMilliseconds: number;

  constructor(
    private readonly queue: CheckQueue,
    private readonly ends: FederatedEnds,
    private readonly sessions: FactorSessions,
    private readonly connections: Connections,
    private readonly upstreams: Upstreams,
    private readonly tokens: SealedTokens,
    private readonly times: CheckTimes,
    private readonly tally: RecheckTally,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.answerMilliseconds = options.of(federatedOptions).federatedTimeoutSeconds * 1000 * ANSWERS_OF_A_CHECK;
  }

  /** @throws AnswerNotStored; whatever a store throws that cannot be asked, and the login is as it was then */
  async look(login: ClaimedLogin): Promise<void> {
    if (login.endReason !== null) return void (await this.ends.endMarked([login], login.endReason));
    if (!(await this.hasLiveSession(login))) return this.removeUnlessReplaced(login);
    const now = this.clock.now();
    if (login.expiresAt !== null && login.expiresAt <= now) return this.end(login, 'federated_expired');
    const connection = await this.connections.find(login.connectionId);
    if (!login.isLinked) return this.end(login, 'federated_unlinked');
    if (!connection) return this.end(login, 'federated_connection_removed');
    if (connection.isDisabled) return this.end(login, 'federated_connection_disabled');
    if (login.tokenSealed === null) return this.later(login, this.times.next());
    await this.check(login, login.tokenSealed, connection);
  }

  private async hasLiveSession({ sessionIds }: ClaimedLogin): Promise<boolean> {
    const live = await this.sessions.liveOf(sessionIds);
    const over = sessionIds.filter((id) => !live.includes(id));
    if (live.length > 0 && over.length > 0) await this.queue.forget(over);
    return live.length > 0;
  }

  /** Where a session has taken the place of one that is over since the login was claimed, it is looked at once more. */
  private async removeUnlessReplaced(login: ClaimedLogin): Promise<void> {
    if (!(await this.queue.remove(login))) await this.queue.finish(login, { nextCheckAt: this.clock.now() });
  }

  private async check(login: ClaimedLogin, tokenSealed: string, connection: Connection): Promise<void> {
    const upstream = await this.upstreams.of(connection).catch((error: Error) => error);
    if (upstream instanceof Error) return this.unanswered(login, { cause: upstream, wasLost: login.wasLost });
    const { leastSecondsBetweenChecks: leastSeconds } = upstream;
    const allowedAt = new Date(login.checkedAt.getTime() + leastSeconds * 1000);
    if (login.failingSince === null && this.clock.now() < allowedAt) return this.later(login, allowedAt);
    const token = this.tokens.unseal(tokenSealed, login.id);
    if (token === null)
      return this.unanswered(login, {
        cause: new Error('the stored token cannot be unsealed'),
        wasLost: login.wasLost,
      });
    const asked = await this.ask(upstream, token, login.wasLost);
    if (asked.outcome === 'live') return this.stands(login, asked, leastSeconds);
    // One that may have been replaced is refused for that alone.
    if (asked.outcome === 'revoked' && (asked.isCertain || !asked.wasLost)) return this.revoked(login);
    const cause = asked.outcome === 'unknown' ? asked.cause : new Error('the token may have been replaced');
    return this.unanswered(login, { ...asked, cause, leastSeconds });
  }

  /** Once more where an answer is missing: with the same token, unless the answer brought its successor. */
  private async ask(upstream: Upstream, token: string, wasLost: boolean): Promise<Asked> {
    const first = await this.once(upstream, token);
    if (first.outcome !== 'unknown') return { ...first, wasLost };
    const isLost = first.token === undefined;
    const second = await this.once(upstream, first.token ?? token);
    if (second.outcome === 'revoked') return { ...second, wasLost: isLost };
    const latest = second.token ?? first.token;
    if (second.outcome === 'live') return { ...second, token: latest ?? null, wasLost: isLost };
    return { ...second, ...(latest !== undefined && { token: latest }), wasLost: second.token === undefined };
  }

  private async once(upstream: Upstream, token: string): Promise<UpstreamCheck> {
    try {
      return await inTime(upstream.check(token), this.answerMilliseconds);
    } catch (cause) {
      return { outcome: 'unknown', cause };
    }
  }

  private async stands(login: ClaimedLogin, asked: Asked & { outcome: 'live' }, leastSeconds: number): Promise<void> {
    this.tally.checked('live');
    this.heard(login.connectionId);
    // An answer that says nothing of it any more prolongs nothing.
    const expiresAt = asked.sessionExpiresAt ?? login.expiresAt;
    await this.store(login, {
      token: asked.token ?? undefined,
      checkedAt: this.clock.now(),
      failingSince: null,
      wasLost: false,
      expiresAt,
      nextCheckAt: earliest(this.times.next(leastSeconds), expiresAt)!,
    });
  }

  private async revoked(login: ClaimedLogin): Promise<void> {
    this.tally.checked('revoked');
    this.heard(login.connectionId);
    await this.end(login, 'federated_revoked');
  }

  private async unanswered(login: ClaimedLogin, { cause, wasLost, token, leastSeconds }: Unanswered): Promise<void> {
    this.tally.checked('unanswered');
    this.missed(login.connectionId, cause);
    const now = this.clock.now();
    const failingSince = login.failingSince ?? now;
    if (this.times.graceEndOf(failingSince) <= now) return this.end(login, 'federated_unanswered');
    const nextCheckAt = earliest(this.times.nextTry(failingSince, leastSeconds), login.expiresAt)!;
    await this.store(login, { failingSince, wasLost, token, nextCheckAt });
  }

  /** The provider may have replaced the token: so not by one try. @throws AnswerNotStored */
  private async store(login: ClaimedLogin, found: LookResult): Promise<void> {
    for (const seconds of [...STORING_PAUSES_SECONDS, null]) {
      try {
        return await this.queue.finish(login, found);
      } catch (cause) {
        if (seconds === null) throw new AnswerNotStored('what a provider has answered could not be stored', { cause });
        await pause(seconds * 1000, undefined, { ref: false });
      }
    }
  }

  private async end(login: ClaimedLogin, reason: string): Promise<void> {
    if (await this.queue.mark(login, reason)) await this.ends.endMarked([login], reason);
  }

  private later(login: ClaimedLogin, nextCheckAt: Date): Promise<void> {
    return this.queue.finish(login, { nextCheckAt: earliest(nextCheckAt, login.expiresAt)! });
  }

  private heard(connectionId: string): void {
    if (this.silent.delete(connectionId)) this.logger.log(`the connection ${connectionId} answers again`);
  }

  private missed(connectionId: string, cause: unknown): void {
    if (this.silent.has(connectionId)) return;
    this.silent.add(connectionId);
    const { message } = cause as Error;
    this.logger.warn(`the connection ${connectionId} does not say whether logins stand (${message})`);
  }
}

interface Unanswered {
  readonly cause: unknown;
  readonly wasLost: boolean;
  readonly token?: string | undefined;
  readonly leastSeconds?: number;
}
