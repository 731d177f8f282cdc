import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { verifyKey } from './raw-follower.js';

const ROUNDS = 10;

/** A process that follows. */
class PythonFollower {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private readonly lines: Interface;

  constructor(url: string, key: string) {
    const environment = { ...process.env, FOLLOWER_KEY: key };
    this.child = spawn('python3', [join(__dirname, 'run_follower.py'), url], {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout! });
    this.answers = this.lines[Symbol.asyncIterator]();
  }

  /** Resolves when it holds a lease. */
  held(): Promise<unknown> {
    return this.ask('held');
  }

  /** What it answers to a request with this ticket, and by what. */
  verify(ticket = ''): Promise<unknown> {
    return this.ask(`verify ${ticket}`);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.signal('SIGKILL');
    await gone;
    this.lines.close();
  }

  private async ask(command: string): Promise<unknown> {
    this.child.stdin!.write(`${command}\n`);
    return JSON.parse((await this.answers.next()).value);
  }
}

describe('the follower in Python, at a real service,', () => {
  let app: AuthTestApp;
  let key: string;
  let follower: PythonFollower;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt', 'api-key'] });
    ({ key } = await verifyKey(app));
  });
  beforeEach(async () => {
    follower = new PythonFollower(app.url, key);
    expect(await follower.held()).toBe(true);
  });
  afterEach(() => follower.stop());
  afterAll(() => app.close());

  const someone = () => app.logIn({ strategy: 'jwt', transport: 'body' });

  it(`accepts a ticket from its view until a logout is acknowledged, and never after it, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await someone();
      expect(await follower.verify(user.accessToken)).toEqual(['accepted', 'look-up']);
      expect(await follower.verify(user.accessToken)).toEqual(['accepted', 'view']);
      expect((await user.post('/auth/logout')).status).toBe(204);
      expect(await follower.verify(user.accessToken)).toEqual(['session_ended', 'look-up']);
    }
  });

  it('accepts nothing from before it was frozen, and delays a logout by its lease at most', async () => {
    const [ada, bob] = [await someone(), await someone()];
    for (const user of [ada, bob]) expect(await follower.verify(user.accessToken)).toEqual(['accepted', 'look-up']);
    follower.signal('SIGSTOP');
    expect((await ada.post('/auth/logout')).status).toBe(204);
    follower.signal('SIGCONT');
    expect(await follower.verify(ada.accessToken)).toEqual(['session_ended', 'look-up']);
    // A new lease begins with nothing.
    expect(await follower.verify(bob.accessToken)).toEqual(['accepted', 'look-up']);
    await follower.held();
    expect(await follower.verify(bob.accessToken)).toEqual(['accepted', expect.any(String)]);
    expect(await follower.verify(bob.accessToken)).toEqual(['accepted', 'view']);
  });

  it('refuses what is no ticket, and accepts none from its view after a revocation of its user', async () => {
    const user = await someone();
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'nightly', scopes: ['orders:read'] })).body;
    expect(await follower.verify('nothing')).toEqual(['unauthenticated', 'look-up']);
    expect(await follower.verify(user.refreshToken)).toEqual(['unauthenticated', 'look-up']);
    expect(await follower.verify(apiKey)).toEqual(['accepted', 'look-up']);
    expect(await follower.verify(apiKey)).toEqual(['accepted', 'view']);
    expect((await user.post('/auth/logout-all')).status).toBe(204);
    expect(await follower.verify(apiKey)).not.toEqual(['accepted', 'view']);
  });
});
