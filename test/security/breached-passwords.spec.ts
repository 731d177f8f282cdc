import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import type { AuthOptions } from '../../src/auth-options.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';

const BREACHED = 'weaving looms of 1843';
const GOOD = 'an engine weaves algebra';
const tokenIn = ({ text }: { text: string }) => /token=([\w.-]+)/.exec(text)![1]!;
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

/** A range service of our own, which does as it is told. */
class RangeServer {
  readonly asked: { path: string; padding: string | undefined }[] = [];
  behaviour: 'answers' | 'fails' | 'hangs' | 'garbles' | 'redirects' | 'greets' = 'answers';
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/range/`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.asked.push({ path: url, padding: headers['add-padding'] as string | undefined });
    if (this.behaviour === 'hangs') return;
    if (this.behaviour === 'fails') return void response.writeHead(500).end();
    if (this.behaviour === 'redirects') return void response.writeHead(302, { location: '/range/00000' }).end();
    if (this.behaviour === 'garbles') return void response.end('x'.repeat(2_000_000));
    if (this.behaviour === 'greets') return void response.end('<html>Welcome to our network. Please log in.</html>');
    const hash = sha1(BREACHED);
    const padded = sha1('padded and no more');
    const lines = [`${'0'.repeat(35)}:3`, `${hash.slice(5)}:17`, `${padded.slice(5)}:0`];
    response.end(lines.join('\r\n'));
  }
}

describe('a password that is known from a breach', () => {
  const range = new RangeServer();
  const logged: string[] = [];
  const apps: AuthTestApp[] = [];
  let counter = 0;
  const freshEmail = () => `breached-${++counter}@example.com`;
  let url: string;
  beforeAll(async () => {
    url = await range.start();
  });
  afterAll(async () => {
    range.stop();
    for (const app of apps) await app.close();
  });
  afterEach(() => {
    range.behaviour = 'answers';
    range.asked.length = 0;
  });
  const boot = async (options: AuthOptions = {}) => {
    const app = await bootHost({ options: { breachedPasswordsUrl: url, breachedPasswordsSeconds: 1, ...options } });
    const write = (...words: unknown[]) => void logged.push(words.map(String).join(' '));
    const logger: LoggerService = { log: write, error: write, warn: write, debug: write, verbose: write, fatal: write };
    app.app.useLogger(logger);
    apps.push(app);
    return app;
  };

  describe('with a range service', () => {
    let app: AuthTestApp;
    let admin: TestUser;
    beforeAll(async () => {
      app = await boot();
      admin = await app.logIn({ changes: { roles: ['admin'] } });
    });
    const refused = (field: string) => [400, { field, rule: 'breached', message: expect.stringContaining(field) }];

    it('is refused at registration, change, reset and by admins, in any Unicode form', async () => {
      const ada = await app.logIn();
      await app.client().post('/auth/password/forgot', { email: ada.email });
      const token = tokenIn((await app.mails(ada.email))[0]!);
      const replies = {
        register: await app.client().post('/auth/register', { email: freshEmail(), password: BREACHED }),
        fullWidth: await app
          .client()
          .post('/auth/register', { email: freshEmail(), password: BREACHED.replace('1843', '１８４３') }),
        reset: await app.client().post('/auth/password/reset', { token, password: BREACHED }),
        admin: await admin.post('/admin/users', { email: freshEmail(), password: BREACHED }),
      };
      for (const [what, { status, body }] of Object.entries(replies))
        expect([what, status, body.errors?.[0]]).toEqual([what, ...refused('password')]);
      const change = { currentPassword: ada.password, newPassword: BREACHED };
      const changed = await ada.post('/auth/password/change', change);
      expect([changed.status, changed.body.errors[0]]).toEqual(refused('newPassword'));
      // And nothing has changed: the link is good, and so is the password.
      expect((await app.client().post('/auth/password/reset', { token, password: GOOD })).status).toBe(204);
      expect((await app.client().post('/auth/login', { email: ada.email, password: GOOD })).status).toBe(200);
    });

    it('leaves the house as five characters, and asks for padding, whose lines count for nothing', async () => {
      const reply = await app.client().post('/auth/register', { email: freshEmail(), password: 'padded and no more' });
      expect(reply.status).toBe(202);
      const path = `/range/${sha1('padded and no more').slice(0, 5)}`;
      expect(range.asked).toEqual([{ path, padding: 'true' }]);
    });

    it('is never asked about at a login', async () => {
      const { email } = await app.register({ password: GOOD });
      range.asked.length = 0;
      await app.client().post('/auth/login', { email, password: GOOD });
      await app.client().post('/auth/login', { email, password: BREACHED });
      expect(range.asked).toEqual([]);
    });
  });

  const BROKEN = ['fails', 'hangs', 'garbles', 'redirects', 'greets'] as const;
  it('may be chosen while the service is broken, by default', async () => {
    const app = await boot();
    for (const behaviour of BROKEN) {
      range.behaviour = behaviour;
      const { status } = await app.client().post('/auth/register', { email: freshEmail(), password: BREACHED });
      expect([behaviour, status]).toEqual([behaviour, 202]);
    }
  });

  it('may not while it is broken and the check fails closed, nor any other: 503', async () => {
    const app = await boot({ breachedPasswordsFailOpen: false });
    for (const behaviour of BROKEN) {
      range.behaviour = behaviour;
      const { status, body } = await app.client().post('/auth/register', { email: freshEmail(), password: GOOD });
      expect([behaviour, status, body.code]).toEqual([behaviour, 503, 'unavailable']);
    }
  });

  it('is in no line of the log, nor is its hash', () => {
    expect(logged.join('\n')).toContain('the check for breached passwords failed');
    for (const secret of [BREACHED, GOOD, sha1(BREACHED), sha1(GOOD), sha1(GOOD).slice(0, 5)])
      expect(logged.join('\n')).not.toContain(secret);
  });

  it.each([
    [{ breachedPasswordsUrl: 'ftp://x/' }, 'BREACHED_PASSWORDS_URL'],
    [{ breachedPasswordsUrl: '', breachedPasswordsFile: '/nowhere' }, 'BREACHED_PASSWORDS_FILE'],
  ])('a wrong option stops the boot: %j', async (options, name) => {
    await expect(bootHost({ options })).rejects.toThrow(name);
  });
});
