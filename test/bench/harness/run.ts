import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuthOptions } from 'coatcheck';
import type { AppSettings, Bench, BenchApp, LoadPlan, Place } from '../row.js';
import { load } from './load.js';
import { Served } from './served.js';
import { BenchStores, ROOT } from './stores.js';

const HERE = join(import.meta.dirname, '..');
/** Made for this; opens nothing. */
const SECRET_KEY = 'YmVuY2hlcyBvbmx5OiB0aGlzIGtleSBpcyBub3Qga2U';

/** The whole run: its servers, and whatever measurements start. */
export class Run implements Bench {
  readonly stores = new BenchStores();
  readonly hasPeers = isInstalled('better-auth');
  readonly hasKeysOfPeer = isInstalled('@better-auth/api-key');
  private readonly running = new Set<Served>();

  constructor(readonly rounds: number) {}

  get hasRedis(): boolean {
    return this.stores.hasRedis;
  }

  async startApp(settings: AppSettings): Promise<BenchApp> {
    const { adapter = 'fastify', realHashes = false, hasSdk = false, onAllCores = false } = settings;
    const options = await this.optionsOf(settings);
    const environment = { BENCH_APP: JSON.stringify({ options, adapter, realHashes, hasSdk }) };
    return this.keep(await Served.start(join(HERE, 'app/main.js'), environment, onAllCores ? 'all' : 'server'));
  }

  async startScript(
    script: string,
    environment: Readonly<Record<string, string>> = {},
    place: Place = 'server',
  ): Promise<BenchApp> {
    return this.keep(await Served.start(join(ROOT, 'test/bench', script), environment, place));
  }

  async startBuilt(script: string, environment: Readonly<Record<string, string>>): Promise<BenchApp> {
    return this.keep(await Served.start(join(HERE, script), environment));
  }

  load(app: BenchApp, plan: LoadPlan) {
    return load(app, plan);
  }

  database(): Promise<string> {
    return this.stores.database();
  }

  redis(): Promise<string> {
    return this.stores.redis();
  }

  cluster(): Promise<string> {
    return this.stores.cluster();
  }

  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** What a measurement that failed has left running. */
  async stopApps(): Promise<void> {
    await Promise.all([...this.running].map((app) => app.stop()));
  }

  private keep(app: Served): BenchApp {
    this.running.add(app);
    const stop = app.stop.bind(app);
    app.stop = async () => {
      if (this.running.delete(app)) await stop();
    };
    return app;
  }

  private async optionsOf(settings: AppSettings): Promise<AuthOptions> {
    const { strategy, store = 'postgres', lookup = false, databaseUrl, options } = settings;
    return {
      // The memory store is refused in production.
      nodeEnv: store === 'memory' ? 'test' : 'production',
      publicUrl: 'https://bench.example',
      secretKey: SECRET_KEY,
      databaseUrl: databaseUrl ?? (await this.database()),
      authStrategies: [strategy],
      sessionStore: store,
      ...(store === 'redis' ? { redisUrl: await this.redis() } : {}),
      ...(lookup ? { sessionViewSize: 0 } : {}),
      mailUrl: 'smtp://127.0.0.1:9',
      ...options,
    };
  }
}

function isInstalled(peer: string): boolean {
  return existsSync(join(ROOT, 'test/bench/peers/node_modules', peer));
}
