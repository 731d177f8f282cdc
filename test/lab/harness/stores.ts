import { reservePort, wasTaken } from '../../ports.mjs';
import { Child } from './child.js';

/** What a fleet keeps its sessions in. */
export type StoreKind = 'postgres' | 'redis';

const REDIS = 'redis';

/** The stores of one fleet, to be troubled. Users are in PostgreSQL always. */
export class Stores {
  private redisLife = 0;

  private constructor(
    readonly kind: StoreKind,
    readonly databaseUrl: string,
    private redisPort: number,
    private readonly postgres: Child,
    private readonly keeper: Child,
  ) {}

  static async start(kind: StoreKind, keeper: Child): Promise<Stores> {
    const postgres = await Child.start('../../postgres-server.mjs', ['durable']);
    const databaseUrl = await postgres.ask<string>({ do: 'url' });
    const stores = new Stores(kind, databaseUrl, kind === 'redis' ? await reservePort() : 0, postgres, keeper);
    if (kind === 'redis') await stores.findRoomForRedis();
    return stores;
  }

  /** Undefined where sessions are in PostgreSQL. */
  get redisUrl(): string | undefined {
    return this.redisPort ? `redis://127.0.0.1:${this.redisPort}` : undefined;
  }

  /** The one that sessions are in. */
  get url(): URL {
    return new URL(this.redisUrl ?? this.databaseUrl);
  }

  /**
   * `stop` as an admin would restart it, `crash` without a goodbye, `kill` by SIGKILL to every process of it. Nothing
   * that was confirmed is lost.
   */
  async postgresDo(action: 'stop' | 'crash' | 'kill' | 'start'): Promise<void> {
    await this.postgres.ask({ do: action });
  }

  async killRedis(): Promise<void> {
    await this.keeper.ask({ do: 'signal', name: REDIS, signal: 'SIGKILL' });
  }

  /** With what it had, or `empty`. */
  async startRedis({ empty }: { empty: boolean }): Promise<void> {
    if (empty) this.redisLife += 1;
    // A crash of the process loses nothing that was confirmed: it is written to the file before the reply.
    const args = [
      '--port',
      String(this.redisPort),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'yes',
      '--dir',
      '.',
    ];
    const ready = 'Ready to accept connections';
    await this.keeper.ask({
      do: 'start',
      name: REDIS,
      command: 'redis-server',
      args: [...args, '--maxmemory-policy', 'noeviction'],
      folder: `redis-${this.redisLife}`,
      ready,
    });
  }

  end(): Promise<void> {
    return this.postgres.end();
  }

  /** Its first start: nobody knows the port yet, so another will do when somebody has taken it. */
  private async findRoomForRedis(): Promise<void> {
    for (;;) {
      try {
        return await this.startRedis({ empty: true });
      } catch (error) {
        if (!wasTaken(String(error))) throw error;
        this.redisPort = await reservePort();
      }
    }
  }
}
