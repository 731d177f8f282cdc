import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditSink } from '../audit/audit-sink.js';
import { Options } from '../config/options.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { audited, type RequestActor } from '../security/actor.js';
import { ActorsInForce } from '../security/actors-in-force.js';
import { named, webhookOptions } from './webhook-options.js';
import { WebhookSender } from './webhook-sender.js';

/** No more are counted, so that counting does not depend on how many there are. */
const MOST = 10_000;
/** Events passed to find those that were tried in vain. */
const MOST_PASSED = 1_000;
const TRIES_SHOWN = 5;

/** An event that was tried in vain, and will be again. */
export interface FailedTry {
  readonly eventId: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly dueAt: Date;
}

/** A webhook as it stands. */
export interface WebhookDestination {
  readonly name: string;
  /** Scheme, host and port: what follows may be a secret. */
  readonly origin: string;
  /** Events to be sent, 10,000 at most. */
  readonly waiting: number;
  /** Events that were given up, of the 10,000 of all webhooks that are counted. */
  readonly dead: number;
  /** Those that are tried again the soonest. */
  readonly failedTries: readonly FailedTry[];
}

/** The result of a test. */
export interface TestResult {
  /** Whether it answered with 2xx. */
  readonly delivered: boolean;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** Why there was none; else null. */
  readonly error: string | null;
}

/** The webhooks of the configuration. */
@Injectable()
export class WebhookDestinations {
  private readonly urls: readonly [name: string, url: string][];

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly sender: WebhookSender,
    private readonly actors: ActorsInForce,
    private readonly audit: AuditSink,
    options: Options,
  ) {
    this.urls = named(options.of(webhookOptions).webhooks);
  }

  /** In the order of the configuration. */
  async list(): Promise<WebhookDestination[]> {
    const dead = await this.deadByName();
    return Promise.all(
      this.urls.map(async ([name, url]) => {
        const [waiting, failedTries] = await Promise.all([this.waitingFor(name), this.failedTriesOf(name)]);
        return { name, origin: new URL(url).origin, waiting, dead: dead.get(name) ?? 0, failedTries };
      }),
    );
  }

  /**
   * Sends a signed event of the type `webhook.test` at once, and has it audited. It is tried once.
   *
   * @throws AuthError `not_found` for a name that is not configured; `session_ended`, `forbidden` when the admin may not any more
   */
  async sendTest(name: string, by: RequestActor): Promise<TestResult> {
    if (!this.urls.some(([known]) => known === name)) throw new AuthError('not_found', { reason: 'no_such_webhook' });
    await this.dataSource.transaction((tx) => this.actors.assert(by, tx));
    const result = await this.sender.sendTest(name).then(
      (status) => ({ delivered: status >= 200 && status <= 299, status, error: null }),
      (error: unknown) => ({ delivered: false, status: null, error: this.sender.reasonOf(error) }),
    );
    const { delivered } = result;
    await this.audit.record({ type: 'webhook.tested', destination: name, delivered, ...audited(by) });
    return result;
  }

  private async waitingFor(name: string): Promise<number> {
    const [{ count }] = await this.dataSource.query(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM coatcheck.audit_outbox WHERE destination = $1 AND dead_at IS NULL LIMIT ${MOST}) waiting`,
      [name],
    );
    return count;
  }

  private failedTriesOf(name: string): Promise<FailedTry[]> {
    return this.dataSource.query(
      `SELECT event_id AS "eventId", attempts, last_error AS "lastError", due_at AS "dueAt" FROM (
         SELECT * FROM coatcheck.audit_outbox WHERE destination = $1 AND dead_at IS NULL
          ORDER BY due_at, event_id LIMIT ${MOST_PASSED}) waiting
        WHERE attempts > 0 ORDER BY due_at, event_id LIMIT ${TRIES_SHOWN}`,
      [name],
    );
  }

  private async deadByName(): Promise<Map<string, number>> {
    const rows: { name: string; count: number }[] = await this.dataSource.query(
      `SELECT destination AS name, count(*)::integer AS count FROM (
         SELECT destination FROM coatcheck.audit_outbox WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT ${MOST}) dead
        GROUP BY destination`,
    );
    return new Map(rows.map(({ name, count }) => [name, count]));
  }
}
