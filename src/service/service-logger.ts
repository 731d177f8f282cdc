import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import { jsonLine } from '../kernel/json-line.js';

const LEVELS: LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];
/** Nest's account of putting the application together: fifty lines that say nothing went wrong. */
const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);
const AUDIT = 'audit';

/** The options that Nest passes besides the message. */
type PrintOptions = Parameters<ConsoleLogger['printAsJson']>[1];

/** Writes for people in development, one flat JSON object a line in production. */
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

  /** An audit event is JSON already: its fields stand beside the level, to be searched without parsing a text. */
  protected override printAsJson(message: unknown, options: PrintOptions): void {
    const event = options.context === AUDIT && typeof message === 'string' ? fieldsOf(message) : null;
    if (event === null) super.printAsJson(message, options);
    else process.stdout.write(`${jsonLine({ ...frame(options.logLevel, AUDIT), ...event })}\n`);
  }
}

/** A line of the log in production, for what is not to pass through the logger. */
export function productionLine(context: string, fields: Readonly<Record<string, unknown>>): string {
  return jsonLine({ ...frame('log', context), ...withoutClash(fields) });
}

function frame(level: LogLevel, context: string) {
  return { level, pid: process.pid, timestamp: Date.now(), context };
}

function fieldsOf(message: string): Record<string, unknown> | null {
  try {
    return withoutClash(JSON.parse(message));
  } catch {
    return null;
  }
}

/** A field of an event that has the name of one of every line must not pass for that. */
function withoutClash(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const framed = new Set(Object.keys(frame('log', '')));
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [framed.has(name) ? `_${name}` : name, value]),
  );
}
