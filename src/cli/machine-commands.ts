import type { Command } from 'commander';
import { ServiceUsers } from '../admin/service-users.js';
import { USUAL_ALLOWANCE } from '../strategies/api-key/api-key-params.js';
import { ApiKeys } from '../strategies/api-key/api-keys.js';
import { UserStore } from '../users/user.store.js';
import { COMMAND_LINE, withApplication } from './application.js';
import { CommandFailure } from './command-failure.js';
import { findUser } from './find-user.js';

/** Parameters of a key, as typed. */
interface KeyParams {
  readonly name: string;
  readonly scope: readonly string[];
  readonly expiresIn?: string;
}

/** Users and keys for machines. */
export function addMachineCommands(program: Command): void {
  program
    .command('create-service-user <name>')
    .description('create a user for a machine, without e-mail address, password or login')
    .option('--role <role...>', 'roles of the user', [])
    .action((name: string, { role }: { role: string[] }) => createServiceUser(name, role));
  program
    .command('create-key <user>')
    .description('create an API key for a service user (id) and print it; it is shown only once')
    .requiredOption('--name <name>', 'purpose of the key')
    .option('--scope <scope...>', 'scopes of the key', [])
    .option('--expires-in <seconds>', 'lifetime of the key; default: API_KEY_MAX_SECONDS')
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
      throw new CommandFailure(
        'API keys are switched off.',
        'add api-key to AUTH_STRATEGIES, here and for the service',
      );
    }
    const { id, kind } = await findUser(part(UserStore), user);
    if (kind !== 'service')
      throw new CommandFailure(
        'Only a service user can be given a key here; persons create their own.',
        'give the id of a service user',
      );
    const order = { ...USUAL_ALLOWANCE, name, scopes, expiresInSeconds };
    const { apiKey } = await part(ApiKeys).create(id, order, COMMAND_LINE);
    process.stdout.write(`${apiKey}\n`);
  });
}

function secondsFrom(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CommandFailure(`${text} is not a number of seconds.`, 'use a number such as 2592000');
}
