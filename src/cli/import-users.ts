import { createReadStream } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { Options } from '../config/options.js';
import { ImportedUserRequest } from '../factors/password/import/imported-user.request.js';
import { UserImportService } from '../factors/password/import/user-import.service.js';
import { Clock } from '../kernel/clock.js';
import { textLines } from '../moving-in/text-lines.js';
import { usersOptions } from '../users/users-options.js';
import { COMMAND_LINE, withApplication } from './application.js';
import { CommandFailure } from './command-failure.js';
import { BROUGHT_NOTHING, broughtBy, broughtText, sumOf } from './move-in/brought.js';
import { assertKeyFits, assertKeyGiven } from './service-key.js';

const USERS_A_BATCH = 500;

interface NumberedUser {
  readonly line: number;
  readonly user: ImportedUserRequest;
}

/**
 * Imports JSON lines, each a user as for `POST /admin/import`, from a file or from standard input. Reads them as it goes, so
 * there may be millions; what has been imported stays after a failure, and the same file may be given again.
 */
export function importUsers(file: string | undefined): Promise<void> {
  assertKeyGiven();
  return withApplication(async (part) => {
    await assertKeyFits(part);
    const isVerificationRequired = part(Options).of(usersOptions).emailVerification === 'required';
    const [imports, clock] = [part(UserImportService), part(Clock)];
    const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
    const total = { imported: 0, unverified: 0, refused: 0, brought: BROUGHT_NOTHING };
    const run = async (batch: readonly NumberedUser[]) => {
      const { imported, refused } = await imports.import(
        batch.map(({ user }) => user),
        COMMAND_LINE,
      );
      total.imported += imported;
      const isRefused = new Set(refused.map(({ index }) => index));
      const added = batch.filter((_, index) => !isRefused.has(index)).map(({ user }) => user);
      total.unverified += added.filter((user) => !user.emailVerified).length;
      total.brought = added.map((user) => broughtBy(user, clock.now())).reduce(sumOf, total.brought);
      for (const { index, reason } of refused) refuse(batch[index]!.line, reason);
    };
    const refuse = (line: number, reason: string) => {
      total.refused += 1;
      process.stderr.write(`line ${line}: ${reason}\n`);
    };
    let batch: NumberedUser[] = [];
    for await (const { number: line, text } of textLines(input)) {
      if (text.trim() === '') continue;
      const user = await readUser(text);
      if (user) batch.push({ line, user });
      else refuse(line, 'not_a_user');
      if (batch.length < USERS_A_BATCH) continue;
      await run(batch);
      batch = [];
    }
    if (batch.length > 0) await run(batch);
    process.stdout.write(`${total.imported} imported, ${total.refused} refused\n`);
    if (isVerificationRequired && total.unverified > 0)
      process.stdout.write(`  note: address_unverified: ${total.unverified}\n`);
    if (total.imported > 0) process.stdout.write(`${broughtText(total.brought)}\n`);
    if (total.refused > 0)
      throw new CommandFailure(
        'Some users could not be imported.',
        'correct the lines listed above, then import the file again; or leave them behind',
      );
  });
}

/** Null for what is not one by the rules of the route. */
async function readUser(text: string): Promise<ImportedUserRequest | null> {
  try {
    const user = plainToInstance(ImportedUserRequest, JSON.parse(text) as object);
    if (typeof user !== 'object' || user === null || Array.isArray(user)) return null;
    const errors = await validate(user, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
    return errors.length === 0 ? user : null;
  } catch {
    return null;
  }
}
