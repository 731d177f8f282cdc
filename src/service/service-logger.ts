import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];
/** Nest's account of putting the application together: fifty lines that say nothing went wrong. */
const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** Writes for people in development, one JSON object a line in production. */
export class ServiceLogger extends ConsoleLogger {
  private readonly talkative: boolean;

  /** @param least the least important level that is written */
  constructor(least: LogLevel, json: boolean) {
    super({ json, logLevels: LEVELS.slice(0, LEVELS.indexOf(least) + 1) });
    this.talkative = LEVELS.indexOf(least) > LEVELS.indexOf('log');
  }

  /** Nest tells whatever ended the start, with its stack; problems of the configuration are told by `main.ts`, as a list. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof ConfigurationError && rest.at(-1) === 'ExceptionHandler') return;
    super.error(message, ...rest);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!this.talkative && CHATTER.has(String(rest.at(-1)))) return;
    super.log(message, ...rest);
  }
}
