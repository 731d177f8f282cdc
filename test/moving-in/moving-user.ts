import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { COMMAND_LINE } from '../../src/cli/application.js';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { type ImportReport, UserImportService } from '../../src/factors/password/import/user-import.service.js';
import type { ExportReader, ReadRecord, ReadUser } from '../../src/moving-in/export-reader.js';
import { userIdOf } from '../../src/moving-in/user-id.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { codeAt } from '../flows/authenticator-app.js';

const SAMPLES = join(__dirname, 'samples');

/** The passwords of all samples, by name. */
export const PASSWORDS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(SAMPLES, 'passwords.json'), 'utf8'),
);

/** Text of a sample. */
export function sample(path: string): string {
  return readFileSync(join(SAMPLES, path), 'utf8');
}

/** What is given beside the file: other samples by the names of companions, and parameters. */
export interface Beside {
  readonly companions?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What a reader makes of a sample. */
export async function readSample(reader: ExportReader, file: string, beside: Beside = {}): Promise<ReadRecord[]> {
  const companions = Object.fromEntries(
    Object.entries(beside.companions ?? {}).map(([name, path]) => [name, createReadStream(join(SAMPLES, path))]),
  );
  const records: ReadRecord[] = [];
  const read = reader.read(createReadStream(join(SAMPLES, file)), { companions, parameters: beside.parameters ?? {} });
  for await (const record of read) records.push(record);
  return records;
}

/** A sample, read, and what became of its users. */
export interface MovedIn extends ImportReport {
  readonly records: readonly ReadRecord[];
  /** By address, as the reader gave them. */
  readonly read: ReadonlyMap<string, ReadUser>;
  /** Why the record of an address was not imported; undefined: it was. */
  refusalOf(email: string): string | undefined;
}

/** Imports a sample with the ids that the command line gives, and no roles. */
export async function moveIn(
  app: AuthTestApp,
  reader: ExportReader,
  file: string,
  beside: Beside = {},
): Promise<MovedIn> {
  const records = await readSample(reader, file, beside);
  const users = records.filter((record): record is ReadUser => 'user' in record);
  const report = await app.app.get(UserImportService, { strict: false }).import(
    users.map(({ user, foreignId }) => ({
      ...user,
      id: userIdOf(foreignId!, reader.system, null),
      roles: [],
      // The service under test has none.
      username: undefined,
    })),
    COMMAND_LINE,
  );
  return {
    ...report,
    records,
    read: new Map(users.map((record) => [record.user.email, record])),
    refusalOf: (email) => report.refused.find(({ index }) => users[index]!.user.email === email)?.reason,
  };
}

/** The user of an address as it stands in the database. */
export async function storedUser(app: AuthTestApp, email: string) {
  const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  const [user] = await database.query(
    `SELECT id, created_at AS "createdAt", email_verified_at AS "verifiedAt", banned_at AS "bannedAt", banned_until AS "bannedUntil", ban_reason AS "banReason", name
       FROM coatcheck.users WHERE email = $1`,
    [email],
  );
  return user;
}

/** As if all had followed the link that is mailed at their first login: what is under test is the password. */
export async function proveAllMailboxes(app: AuthTestApp): Promise<void> {
  const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  await database.query('UPDATE coatcheck.users SET email_verified_at = now() WHERE email_verified_at IS NULL');
}

/** What a login by the password answers: `200`, or the code of its error. */
export async function logIn(app: AuthTestApp, email: string, password: string): Promise<string> {
  const { status, body } = await app.client().post('/auth/login', { email, password });
  return body?.status === 'factor_required' ? `${body.factors}` : `${body?.code ?? status}`;
}

/** A login by the old password and the authenticator app of the old system. */
export async function logInWithApp(app: AuthTestApp, email: string, password: string, secret: string) {
  const client: TestClient = app.client();
  const half = await client.post('/auth/login', { email, password });
  const proof = { loginToken: half.body.loginToken, factor: 'totp', code: codeAt(secret, app.clock.now()) };
  return (await client.post('/auth/login/factor', proof)).status;
}
