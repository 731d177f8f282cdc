import type { Client, ClientConfig, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { directUrlOf } from '../../database/direct-url.js';
import { ownTypes } from '../../database/own-types.js';
import { outsideDeadline } from '../../kernel/deadline.js';

/** A renewal that takes longer is worth nothing any more. */
const QUERY_MILLISECONDS = 2_000;

/**
 * A connection of its own for the lease and for listening. The pool's would be short of one for ever, and under load a renewal
 * would wait there behind the very requests that come because the lease is late.
 */
export class ListenConnection {
  private isOver = false;
  private isListening = false;
  /** Statements take turns: a node speaks for the leases of its followers too. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: Client,
    private readonly onCut: () => void,
  ) {}

  /**
   * @param onCut called once when it breaks, and never when it could not be opened: the caller would try again at once, for ever
   * @throws when the database is out of reach
   */
  static async open(
    dataSource: DataSource,
    hear: (channel: string) => void,
    onCut: () => void,
    channels: readonly string[],
  ): Promise<ListenConnection> {
    // TypeORM's own pool knows how the database is reached, whatever way the host has configured it.
    const pool = (dataSource.driver as unknown as { master: Pool & { Client: new (config: ClientConfig) => Client } })
      .master;
    const limits = { query_timeout: QUERY_MILLISECONDS, statement_timeout: QUERY_MILLISECONDS, keepAlive: true };
    // Also on a host's DataSource: this connection is ours.
    const connectionString = directUrlOf(dataSource);
    const client = new pool.Client({
      ...(pool.options as ClientConfig),
      ...(connectionString && { connectionString }),
      ...limits,
      types: ownTypes,
    });
    const connection = new ListenConnection(client, onCut);
    client.on('error', () => connection.cut());
    client.on('end', () => connection.cut());
    client.on('notification', ({ channel }) => hear(channel));
    try {
      await client.connect();
      for (const channel of channels) await connection.query(`LISTEN ${channel}`);
    } catch (error) {
      connection.cut();
      throw error;
    }
    if (connection.isOver) throw new Error('Connection terminated');
    connection.isListening = true;
    return connection;
  }

  /** After a failure the line is cut: whether the statement was carried out is unknown. */
  query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    const mine = this.turn.then(() => this.queryNow<T>(sql, values));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async queryNow<T>(sql: string, values: unknown[]): Promise<T[]> {
    if (this.isOver) throw new Error('Connection terminated');
    try {
      return (await outsideDeadline(() => this.client.query(sql, values))).rows as T[];
    } catch (error) {
      this.cut();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.client.end();
  }

  private cut(): void {
    if (this.isOver) return;
    this.isOver = true;
    // Not `end()`: it would say goodbye to a server that may answer no more.
    (this.client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    if (this.isListening) this.onCut();
  }
}
