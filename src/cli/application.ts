import { type INestApplicationContext, type LoggerService, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AdminActor } from '../admin/admin-actor.js';
import { AppModule } from '../app.module.js';
import { Options } from '../config/options.js';
import { withPagesOfService } from '../pages/pages-options.js';
import { serviceSections } from '../service/service-sections.js';
import { CommandFailure } from './command-failure.js';
import { chosenApp, loadModule } from './host-module.js';

/** The command line has all rights: only the shell decides who may run it. */
export const COMMAND_LINE: AdminActor = { actorId: null, origin: null };

/** Logs warnings and worse to standard error, and nothing else: the output of a command is its result. */
export const quiet: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => process.stderr.write(`${String(message)}\n`),
  // What Nest tells of a failed start is thrown as well, and `tell` prints it, with what to do.
  error: (message: unknown, ...about: unknown[]) =>
    about.at(-1) !== 'ExceptionHandler' && process.stderr.write(`${String(message)}\n`),
};

/** Finds a part of the application by its class. */
export type PartOf = <P>(token: PartToken<P> | symbol) => P;

/** Also of an abstract class, or one that makes itself. */
interface PartToken<P> {
  readonly name: string;
  readonly prototype: P;
}

/** The value of `--app`, see {@link chosenApp}. */
let asked: string | undefined;

/** Has the commands of this process run on the application that `--app` names. */
export function runOn(app: string | undefined): void {
  asked = app;
}

/** Whether commands run on the application of a host, configured by its own code, rather than on the service. @throws CommandFailure */
export function isHosted(): boolean {
  return chosenApp(asked) !== null;
}

/**
 * Runs `work` on the application that was chosen, without listening: the service's, configured by the environment, or a host's. It takes
 * part in the fleet: what it revokes is acknowledged by every node before the command ends.
 *
 * @throws ConfigurationError
 * @throws CommandFailure
 */
export async function withApplication<T>(work: (part: PartOf) => Promise<T>): Promise<T> {
  const app: INestApplicationContext = await NestFactory.createApplicationContext(await rootModule(), {
    logger: quiet,
    abortOnError: false,
  });
  try {
    return await work((token) => partOf(app, token));
  } finally {
    await app.close();
  }
}

async function rootModule(): Promise<Type> {
  const choice = chosenApp(asked);
  if (choice) return loadModule(choice);
  const values = Options.readEnvironment(serviceSections);
  Options.resolve(serviceSections, withPagesOfService(values));

  @Module({ imports: [AppModule.forRoot(values)] })
  class CommandRoot {}

  return CommandRoot;
}

function partOf<P>(app: INestApplicationContext, token: PartToken<P> | symbol): P {
  try {
    return app.get(token as Type<P>, { strict: false });
  } catch (cause) {
    const failure = new CommandFailure(
      `The application has no ${typeof token === 'symbol' ? String(token.description) : token.name}.`,
      'name the module that imports AuthModule: --app dist/app.module.js#AppModule',
    );
    throw Object.assign(failure, { cause });
  }
}
