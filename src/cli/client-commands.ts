import type { Command } from 'commander';
import { Options } from '../config/options.js';
import { AuthError } from '../kernel/auth-error.js';
import { ClientFiles } from '../oauth/clients/client-files.js';
import { ClientTable } from '../oauth/clients/client-table.js';
import { OAuthClientAdmin } from '../oauth/clients/oauth-client-admin.js';
import { isOAuthOn } from '../oauth/oauth-options.js';
import { COMMAND_LINE, type PartOf, withApplication } from './application.js';
import { CommandFailure } from './command-failure.js';

/** A client, as typed. */
interface ClientOptions {
  readonly public?: boolean;
  readonly redirectUri: string[];
  readonly postLogoutRedirectUri: string[];
  readonly backchannelLogoutUri?: string;
  readonly grantType?: string[];
  readonly scope: string[];
  readonly resource: string[];
  readonly defaultResource?: string;
  readonly firstParty?: boolean;
  readonly serviceUser?: string;
}

const TOGETHER = 100;

/** Clients of the OAuth provider. */
export function addClientCommands(program: Command): void {
  const clients = program.command('clients').description('manage OAuth clients');
  clients
    .command('add <name>')
    .description('create a client and print its id, and its secret, which is shown only once')
    .option('--public', 'it cannot keep a secret: it runs in a browser or on a device of the user')
    .option('--redirect-uri <uri...>', 'addresses to which users return', [])
    .option('--post-logout-redirect-uri <uri...>', 'addresses to which users may go after signing out', [])
    .option('--backchannel-logout-uri <uri>', 'address that is notified when a session ends')
    .option('--grant-type <type...>', 'grant types that it may use')
    .option('--scope <scope...>', 'scopes that it may request', [])
    .option('--resource <uri...>', 'resources that it may request tokens for', [])
    .option('--default-resource <uri>', 'resource of its tokens when it requests none')
    .option('--first-party', 'an application of your own: users are not asked for consent')
    .option('--service-user <id>', 'service user whose rights it has when it acts without a user')
    .action(addClient);
  clients.command('list').description('list the clients as JSON lines').action(listClients);
  clients
    .command('secret <id>')
    .description('renew the secret of a client and print it; it is shown only once')
    .option('--overlap <seconds>', 'how long the previous secret stays valid; default: 86400')
    .action((id: string, { overlap }: { overlap?: string }) => renewSecret(id, overlap));
}

function addClient(name: string, typed: ClientOptions): Promise<void> {
  const { redirectUri: redirectUris, grantType: grantTypes, scope: scopes, resource: resources } = typed;
  const { defaultResource, firstParty, serviceUser: serviceUserId } = typed;
  const { postLogoutRedirectUri: postLogoutRedirectUris, backchannelLogoutUri } = typed;
  const type = typed.public ? 'public' : 'confidential';
  const order = {
    name,
    type,
    redirectUris,
    postLogoutRedirectUris,
    backchannelLogoutUri,
    grantTypes,
    scopes,
    resources,
    defaultResource,
    firstParty,
    serviceUserId,
  } as const;
  return withProvider(async (part) => {
    const { client, clientSecret } = await part(OAuthClientAdmin).create(order, COMMAND_LINE);
    print({ clientId: client.id, ...(clientSecret !== undefined && { clientSecret }) });
  });
}

function listClients(): Promise<void> {
  return withProvider(async (part) => {
    for (const { id, name, origin, isDisabled: disabled } of part(ClientFiles).all())
      print({ id, name, origin, disabled });
    for (let before: string | undefined; ; ) {
      const found = await part(ClientTable).list({ before, limit: TOGETHER });
      for (const { id, name, origin, disabledAt } of found) print({ id, name, origin, disabled: disabledAt !== null });
      if (found.length < TOGETHER) return;
      before = found.at(-1)!.id;
    }
  });
}

function renewSecret(id: string, overlap: string | undefined): Promise<void> {
  if (overlap !== undefined && !/^\d{1,7}$/.test(overlap))
    throw new CommandFailure(`${overlap} is not a number of seconds.`, 'use a number such as 3600; 0: void at once');
  const overlapSeconds = overlap === undefined ? undefined : Number(overlap);
  return withProvider(async (part) => {
    const { clientSecret } = await part(OAuthClientAdmin)
      .renewSecret(id, overlapSeconds, COMMAND_LINE)
      .catch(asOfClient);
    print({ clientId: id, clientSecret });
  });
}

function withProvider(act: (part: PartOf) => Promise<void>): Promise<void> {
  return withApplication(async (part) => {
    if (!isOAuthOn(part(Options)))
      throw new CommandFailure('OAuth is switched off.', 'add oauth to AUTH_STRATEGIES, here and for the service');
    await act(part);
  });
}

/** The remedies of commands about users would mislead here. */
function asOfClient(error: unknown): never {
  const { code } = error instanceof AuthError ? error : {};
  if (code === 'not_found') throw new CommandFailure('There is no such client.', 'find its id: coatcheck clients list');
  if (code === 'conflict')
    throw new CommandFailure(
      'The client has no secret here.',
      'a public client or one with keys needs none; a client of OAUTH_CLIENTS gets its secret in that file',
    );
  throw error;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
