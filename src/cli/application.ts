import { type INestApplicationContext, type LoggerService, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AdminActor } from '../admin/admin-actor.js';
import { AppModule } from '../app.module.js';
import { Options } from '../config/options.js';
import { serviceSections } from '../service/create-service.js';

/** The command line has all rights: only the shell decides who may run it. */
export const COMMAND_LINE: AdminActor = { actorId: null, origin: null };

/** What a command prints is its result: of the log only warnings and worse, and those to standard error. */
export const quiet: LoggerService = {
  log: () => undefined,
  warn: (message: unknown) => process.stderr.write(`${String(message)}\n`),
  error: (message: unknown) => process.stderr.write(`${String(message)}\n`),
};

/**
 * Runs `work` on the application of the service, configured by the same environment, without listening. It takes part in the
 * fleet: what it revokes is acknowledged by every node before the command ends.
 *
 * @throws ConfigurationError
 */
export async function withApplication<T>(
  work: (part: <P>(token: Type<P> | AbstractType<P>) => P) => Promise<T>,
): Promise<T> {
  const values = Options.readEnvironment(serviceSections);
  Options.resolve(serviceSections, values);

  @Module({ imports: [AppModule.forRoot(values)] })
  class CommandRoot {}

  const app: INestApplicationContext = await NestFactory.createApplicationContext(CommandRoot, {
    logger: quiet,
    abortOnError: false,
  });
  try {
    return await work((token) => app.get(token as Type, { strict: false }));
  } finally {
    await app.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a contract's constructor takes
type AbstractType<P> = abstract new (...given: any[]) => P;
