import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuthTestApp, type TestReply, type TestUser, testOptions } from '../../src/testing/index.js';
import { type Outcome, runHere } from '../cli/run-command.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

/** The password of every user in the samples whose hash we have made. */
export const PASSWORD = 'an engine weaves algebra';

const COUNTED = ['passwords', 'bans', 'usernames', 'authenticator apps', 'passkeys', 'admins'] as const;

/** The line of a summary that says what new users have brought along. @param counts 0 where it says nothing */
export function cameAlong(counts: Partial<Record<(typeof COUNTED)[number], number>>): string {
  return `  came along: ${COUNTED.map((name) => `${name} ${counts[name] ?? 0}`).join(', ')}`;
}

/** A running service, and the command line beside it on the same database. */
export class MovingApp {
  private constructor(
    readonly app: AuthTestApp,
    readonly admin: TestUser,
    private readonly database: TestDatabase,
    /** For files that a command writes. */
    readonly folder: string,
  ) {}

  static async boot(): Promise<MovingApp> {
    const database = await freshDatabase();
    const app = await bootService({ databaseUrl: database.url });
    const admin = await app.logIn({ changes: { roles: ['admin'] } });
    return new MovingApp(app, admin, database, mkdtempSync(join(tmpdir(), 'coatcheck-moving-')));
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.app.close();
    await this.database.drop();
  }

  /** A file among the samples. */
  sample(path: string): string {
    return join(__dirname, 'samples', path);
  }

  /** A file in the folder of this run. */
  path(name: string): string {
    return join(this.folder, name);
  }

  import(args: readonly string[], input = '', environment: Record<string, string> = {}): Promise<Outcome> {
    return this.run(['import', ...args], input, environment);
  }

  /** @param environment in place of that of the service, by name; an empty text: not set */
  run(args: readonly string[], input = '', environment: Record<string, string> = {}): Promise<Outcome> {
    return runHere(args, input, {
      NODE_ENV: 'test',
      DATABASE_URL: this.database.url,
      SECRET_KEY: testOptions.secretKey!,
      AUTH_STRATEGIES: 'session,jwt',
      PASSWORD_HASH_MEMORY_KIB: '64',
      ...environment,
    });
  }

  logIn(email: string, password = PASSWORD): Promise<TestReply> {
    return this.app.client().post('/auth/login', { email, password });
  }

  /** What an admin sees of a user; undefined: there is none. */
  async find(email: string) {
    const { body } = await this.admin.get(`/admin/users?search=${encodeURIComponent(email)}`);
    return body.users.find((user: { email: string }) => user.email === email);
  }
}
