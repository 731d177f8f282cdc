import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { AdminUserStatusService } from '../admin/admin-user-status.service.js';
import { AuditExport } from '../admin/audit-export.js';
import { EmergencyService } from '../admin/emergency.service.js';
import { FirstAdmin } from '../admin/first-admin.js';
import { SigningKeys } from '../strategies/jwt/signing-keys.js';
import { UserStore } from '../users/user.store.js';
import { afterRestore } from './after-restore.js';
import { COMMAND_LINE, withApplication } from './application.js';
import { CommandFailure } from './command-failure.js';
import { doctor } from './doctor.js';
import { findUser } from './find-user.js';
import { importUsers } from './import-users.js';
import { addMachineCommands } from './machine-commands.js';
import { migrateDatabase } from './migrate-database.js';
import { firstLine } from './standard-input.js';

/** `npx coatcheck …`: what admins do, from a shell where the service is configured. */
export function commands(): Command {
  const program = new Command('coatcheck').description(
    'Operates a Coatcheck service: the environment says which, as for the service itself.',
  );
  addUserCommands(program);
  addMachineCommands(program);
  addFleetCommands(program);
  program.command('doctor').description('looks at all that the service needs; tells what to do').action(doctor);
  program.command('migrate').description('runs the pending migrations').action(migrateDatabase);
  return program;
}

function addUserCommands(program: Command): void {
  program
    .command('create-admin <email>')
    .description('makes an admin; reads the password from standard input')
    .action(createAdmin);
  program
    .command('ban <user>')
    .description('ends all that a user (e-mail address or id) holds, and lets nobody log in as them')
    .option('--reason <text>', 'for admins only')
    .option('--until <instant>', 'when it ends by itself, RFC 3339')
    .action((user: string, { reason, until }: { reason?: string; until?: string }) => {
      const end = until === undefined ? undefined : instantFrom(until);
      return onUser(user, 'banned', (standing, id) => standing.ban(id, { reason, until: end }, COMMAND_LINE));
    });
  program
    .command('unban <user>')
    .description('lifts a ban')
    .action((user: string) => onUser(user, 'unbanned', (standing, id) => standing.unban(id, COMMAND_LINE)));
  program
    .command('logout <user>')
    .description('ends all sessions of a user')
    .action((user: string) => onUser(user, 'logged out', (standing, id) => standing.logOut(id, COMMAND_LINE)));
  program
    .command('import [file]')
    .description('imports users from JSON lines, as for POST /admin/import; without a file from standard input')
    .action(importUsers);
}

function addFleetCommands(program: Command): void {
  program
    .command('rotate-keys')
    .description('puts a new signing key in the place of the current one')
    .option('--now', 'a key may have leaked: no node accepts a token of an older one any more')
    .action(({ now }: { now?: boolean }) =>
      withApplication(async (part) => {
        const keys = part(SigningKeys);
        await (now ? keys.withdraw(COMMAND_LINE) : keys.rotate(COMMAND_LINE));
        done('rotated');
      }),
    );
  program
    .command('revoke-all')
    .description('ends every session and every key of everyone')
    .action(() =>
      withApplication(async (part) => {
        await part(EmergencyService).revokeAll(COMMAND_LINE);
        done('revoked');
      }),
    );
  program
    .command('after-restore')
    .description('ends what a restored backup brought back: sessions, keys, links, mails; stop every node first')
    .action(afterRestore);
  program
    .command('audit')
    .description('what happened')
    .command('export')
    .description('writes what happened as JSON lines to standard output, the newest first')
    .option('--from <instant>', 'not before, RFC 3339')
    .option('--to <instant>', 'before, RFC 3339')
    .option('--type <type>', 'only these events')
    .action(({ from, to, type }: { from?: string; to?: string; type?: string }) => {
      const filter = { from: from ? instantFrom(from) : undefined, to: to ? instantFrom(to) : undefined, type };
      return withApplication((part) => pipeline(part(AuditExport).lines(filter), process.stdout, { end: false }));
    });
}

function createAdmin(email: string): Promise<void> {
  return withApplication(async (part) => {
    if (process.stdin.isTTY) process.stderr.write('Password (will be shown): ');
    const password = await firstLine();
    const { id } = await part(FirstAdmin).create({ email, password }, COMMAND_LINE);
    done(`created ${id}`);
  });
}

function onUser(
  user: string,
  what: string,
  work: (userStatus: AdminUserStatusService, id: string) => Promise<void>,
): Promise<void> {
  return withApplication(async (part) => {
    const { id } = await findUser(part(UserStore), user);
    await work(part(AdminUserStatusService), id);
    done(what);
  });
}

function instantFrom(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new CommandFailure(`${text} is no instant.`, 'write it as 2026-11-21T09:00:00Z');
}

function done(what: string): void {
  process.stdout.write(`${what}\n`);
}
