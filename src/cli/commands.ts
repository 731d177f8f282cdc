import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { AdminUserStatusService } from '../admin/admin-user-status.service.js';
import { AuditExport } from '../admin/audit-export.js';
import { EmergencyService } from '../admin/emergency.service.js';
import { FirstAdmin } from '../admin/first-admin.js';
import { VERSION } from '../kernel/version.js';
import { SigningKeys } from '../keys/signing-keys.js';
import { UserStore } from '../users/user.store.js';
import { afterRestore } from './after-restore.js';
import { COMMAND_LINE, runOn, withApplication } from './application.js';
import { addClientCommands } from './client-commands.js';
import { CommandFailure } from './command-failure.js';
import { doctor } from './doctor.js';
import { findUser } from './find-user.js';
import { addImportCommand } from './import-command.js';
import { addMachineCommands } from './machine-commands.js';
import { migrateDatabase } from './migrate-database.js';
import { checkPages, listPages, printWords } from './pages.js';
import { firstLine } from './standard-input.js';

/** `npx coatcheck …`: what admins do, from a shell where the service is configured. */
export function commands(): Command {
  const program = new Command('coatcheck').description(
    'Manages a Coatcheck service, configured by the same environment variables as the service itself, or an application that embeds Coatcheck.',
  );
  program
    .version(VERSION, '--version', 'print the version')
    .option(
      '--app <file>',
      'compiled module of the application that embeds Coatcheck, e.g. dist/app.module.js#AppModule; "service": none. Default: "coatcheck": { "app": … } in package.json',
    )
    .hook('preAction', () => runOn(program.opts<{ app?: string }>().app));
  addUserCommands(program);
  addMachineCommands(program);
  addClientCommands(program);
  addFleetCommands(program);
  program
    .command('doctor')
    .description('check everything that the service needs, and say how to correct it')
    .action(doctor);
  const pages = program.command('pages').description('check, list and translate the pages');
  pages
    .command('check')
    .description('render every page in every language with sample values, and check it')
    .action(checkPages);
  pages.command('list').description('list the templates of the pages').action(listPages);
  pages
    .command('words')
    .description('print every word in one language, as a file for PAGES_WORDS to be changed or translated')
    .option('--language <tag>', 'one of the built-in languages, or of the features that the application adds', 'en')
    .action(printWords);
  program.command('migrate').description('run pending migrations').action(migrateDatabase);
  return program;
}

function addUserCommands(program: Command): void {
  program
    .command('create-admin <email>')
    .description('create an admin; reads the password from standard input')
    .action(createAdmin);
  program
    .command('ban <user>')
    .description('end all sessions and links of a user (e-mail address or id), and block their logins')
    .option('--reason <text>', 'reason, shown to admins only')
    .option('--until <instant>', 'end of the ban, RFC 3339')
    .action((user: string, { reason, until }: { reason?: string; until?: string }) => {
      const end = until === undefined ? undefined : instantFrom(until);
      return onUser(user, 'banned', (standing, id) => standing.ban(id, { reason, until: end }, COMMAND_LINE));
    });
  program
    .command('unban <user>')
    .description('lift a ban')
    .action((user: string) => onUser(user, 'unbanned', (standing, id) => standing.unban(id, COMMAND_LINE)));
  program
    .command('logout <user>')
    .description('end all sessions of a user')
    .action((user: string) => onUser(user, 'logged out', (standing, id) => standing.logOut(id, COMMAND_LINE)));
  addImportCommand(program);
}

function addFleetCommands(program: Command): void {
  program
    .command('rotate-keys')
    .description('replace the current signing key with a new one')
    .option('--now', 'also reject all tokens of older keys; use it if a key may have leaked')
    .action(({ now }: { now?: boolean }) =>
      withApplication(async (part) => {
        const keys = part(SigningKeys);
        await (now ? keys.withdraw(COMMAND_LINE) : keys.rotate(COMMAND_LINE));
        done('rotated');
      }),
    );
  program
    .command('revoke-all')
    .description('end all sessions and revoke all API keys')
    .action(() =>
      withApplication(async (part) => {
        await part(EmergencyService).revokeAll(COMMAND_LINE);
        done('revoked');
      }),
    );
  program
    .command('after-restore')
    .description(
      'revoke the sessions, keys, links and e-mails that a restored backup brought back; stop all nodes first',
    )
    .action(afterRestore);
  program
    .command('audit')
    .description('work with the audit log')
    .command('export')
    .description('write audit events to standard output as JSON lines, the newest first')
    .option('--from <instant>', 'only events at or after this time, RFC 3339')
    .option('--to <instant>', 'only events before this time, RFC 3339')
    .option('--type <type>', 'only events of this type')
    .action(({ from, to, type }: { from?: string; to?: string; type?: string }) => {
      const filter = { from: from ? instantFrom(from) : undefined, to: to ? instantFrom(to) : undefined, type };
      return withApplication((part) => pipeline(part(AuditExport).lines(filter), process.stdout, { end: false }));
    });
}

function createAdmin(email: string): Promise<void> {
  return withApplication(async (part) => {
    if (process.stdin.isTTY) process.stderr.write('Password (it will be visible): ');
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
  throw new CommandFailure(`${text} is not an instant.`, 'use the format 2026-11-21T09:00:00Z');
}

function done(what: string): void {
  process.stdout.write(`${what}\n`);
}
