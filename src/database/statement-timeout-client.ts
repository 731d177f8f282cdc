import { Client, type ClientConfig } from 'pg';
import { isTooLate, tooLate } from '../kernel/deadline.js';
import { ownTypes } from './own-types.js';
import { asStartupOptions, asStatement, PINNED, settingsOf } from './pinned-settings.js';
import { preparedName } from './prepared.js';

/** Settings of our pool for each of its connections. */
export interface StatementTimeoutConfig extends ClientConfig {
  /** `afterwards`: by a statement, because start-up parameters are refused (by a pooler in between). Default `startup`. */
  readonly pinning?: 'startup' | 'afterwards';
  /** Whether what is `prepared` is prepared: a pooler in transaction mode has each transaction meet another session. Said once that is known. */
  prepares?: boolean;
  /** Set as `coatcheck.mark` at start-up, to see whether it arrives. Of letters and digits. */
  readonly mark?: string;
}

/**
 * A connection with settings and type parsers of its own (`pinned-settings.ts`, `own-types.ts`), whatever role, database, URL or
 * process ask for. It is thrown away once a query on it went unanswered (`query_timeout`): the stock client goes back to the
 * pool with the dead query still on it, and everyone who draws it waits for the same timeout again. And it begins nothing for a
 * request that was turned away.
 */
export class StatementTimeoutClient extends Client {
  /** The statement that sets what could not be set at start-up; null: nothing is left to set. */
  private readonly afterwards: string | null;
  /** Names of statements whose tables have changed since they were prepared here. */
  private readonly outdated = new Set<string>();

  constructor(private readonly config: StatementTimeoutConfig = {}) {
    super({ ...config, types: ownTypes } as ClientConfig);
    const parameters = (this as unknown as { connectionParameters: StartupParameters }).connectionParameters;
    // A URL's own words have been read into the parameters by now: of the limits only those of the configuration are ours.
    const settings = settingsOf(config);
    const isRefused = config.pinning === 'afterwards';
    for (const name of TIME_LIMITS) parameters[name] = 0;
    if (!isRefused) {
      const marked = config.mark === undefined ? settings : { ...settings, [MARK]: config.mark };
      parameters.options = asStartupOptions(marked, parameters.options);
    }
    // The process may ask for another format than the parsers read.
    (this as unknown as { binary: boolean }).binary = false;
    this.afterwards = isRefused ? asStatement(settings) : null;
  }

  /**
   * Called by pg. These two have a place of their own in the start-up message, besides `options`: PgBouncer knows them there, and gives
   * each session of the server that it lends the values of whom it lends it to.
   */
  getStartupConf(): Record<string, string> {
    const { DateStyle, TimeZone } = PINNED;
    const inherited = (Client.prototype as unknown as { getStartupConf(): Record<string, string> }).getStartupConf;
    return { ...inherited.call(this), DateStyle: DateStyle!, TimeZone: TimeZone! };
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `connect`: with a callback, or with a promise
  override connect(...given: any[]): any {
    const { afterwards } = this;
    // biome-ignore lint/suspicious/noExplicitAny: see above
    if (afterwards === null) return (super.connect as (...given: any[]) => unknown).apply(this, given);
    const connected = super.connect().then(() => super.query(afterwards));
    const [callback] = given;
    if (!callback) return connected.then(() => this);
    connected.then(
      () => callback(null, this),
      (error) => callback(error),
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: pg overloads `query` seven ways; this one only looks at the outcome
  override query(...given: any[]): any {
    // What it had begun is taken back, and the connection is another request's.
    if (isTooLate() && !isRollback(given[0])) return Promise.reject(tooLate());
    const name = this.config.prepares && given.length === 2 ? preparedName(given[0]) : undefined;
    const result =
      name === undefined || this.outdated.has(name) ? this.send(...given) : this.sendPrepared(name, given[0], given[1]);
    if (result instanceof Promise) result.catch((error) => this.dropIfUnanswered(error));
    return result;
  }

  // biome-ignore lint/suspicious/noExplicitAny: see above
  private send(...given: any[]): unknown {
    // biome-ignore lint/suspicious/noExplicitAny: see above
    return (super.query as (...given: any[]) => unknown).apply(this, given);
  }

  private async sendPrepared(name: string, text: string, values: unknown[]): Promise<unknown> {
    try {
      return await this.send({ name, text, values });
    } catch (error) {
      // A migration has changed a table since. Nothing was carried out.
      if (!isOutdated(error)) throw error;
      this.outdated.add(name);
      return this.send(text, values);
    }
  }

  private dropIfUnanswered(error: unknown): void {
    if ((error as Error).message === 'Query read timeout') this.connection.stream.destroy();
  }
}

/** Means nothing elsewhere. */
export const MARK = 'coatcheck.mark';

const TIME_LIMITS = ['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'] as const;

type StartupParameters = Record<(typeof TIME_LIMITS)[number], number> & { options?: string };

/** `feature_not_supported`: "cached plan must not change result type". */
function isOutdated(error: unknown): boolean {
  return (error as { code?: unknown }).code === '0A000';
}

function isRollback(statement: unknown): boolean {
  return typeof statement === 'string' && statement.startsWith('ROLLBACK');
}
