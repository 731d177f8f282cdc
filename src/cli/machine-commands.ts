import type { Command } from 'commander';
import { ServiceUsers } from '../admin/service-users.js';
import { USUAL_ALLOWANCE } from '../strategies/api-key/api-key-params.js';
import { ApiKeys } from '../strategies/api-key/api-keys.js';
import { UserStore } from '../users/user.store.js';
import { COMMAND_LINE, withApplication } from './application.js';
import { CommandFailure } from './command-failure.js';
import { findUser } from './find-user.js';

/** What a key is to be, as typed. */
interface KeyParams {
  readonly name: string;
  readonly scope: readonly string[];
  readonly expiresIn?: string;
}

/** Users and keys for machines. */
export function addMachineCommands(program: Command): void {
  program
    .command('create-service-user <name>')
    .description('makes a user for a machine: no address, no password, no login')
    .option('--role <role...>', 'its roles', [])
    .action((name: string, { role }: { role: string[] }) => createServiceUser(name, role));
  program
    .command('create-key <user>')
    .description('makes a key for a service user (id), and prints it: nobody will see it again')
    .requiredOption('--name <name>', 'what it is for')
    .option('--scope <scope...>', 'what it may do', [])
    .option('--expires-in <seconds>', 'its life; without: as the options say')
    .action(createKey);
}

function createServiceUser(name: string, roles: readonly string[]): Promise<void> {
  return withApplication(async (part) => {
    const { id } = await part(ServiceUsers).create({ name, roles }, COMMAND_LINE);
    process.stdout.write(`created ${id}\n`);
  });
}

function createKey(user: string, { name, scope: scopes, expiresIn }: KeyParams): Promise<void> {
  const expiresInSeconds = expiresIn === undefined ? undefined : secondsFrom(expiresIn);
  return withApplication(async (part) => {
    if (!part(ApiKeys).areAccepted) {
      throw new CommandFailure('Keys are switched off.', 'add api-key to AUTH_STRATEGIES, here and for the service');
    }
    const { id, kind } = await findUser(part(UserStore), user);
    if (kind !== 'service') throw new CommandFailure('Persons make their own keys.', 'give the id of a service user');
    const order = { ...USUAL_ALLOWANCE, name, scopes, expiresInSeconds };
    const { apiKey } = await part(ApiKeys).create(id, order, COMMAND_LINE);
    process.stdout.write(`${apiKey}\n`);
  });
}

function secondsFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandFailure(`${text} is no number of seconds.`, 'write it as 2592000');
}
